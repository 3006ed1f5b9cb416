/** How much of a budget is spent, and the learning rate that follows: trisym/training/schedule.py.
 *
 * @typedef {{network: import("./network.js").NetworkConfig, data: import("./sets.js").DataConfig,
 *   loss: string, mse_weight: number, optimizer: string, lr: number, betas: number[], schedule: string,
 *   warmup: number, revive: number, batch: number, epochs: number | null, seconds: number | null,
 *   seed: number}} FitConfig
 */

/** @param {FitConfig} config @param {number} epochs @param {number} seconds @returns {number} share */
export function spentOf(config, epochs, seconds) {
  return config.epochs !== null ? epochs / config.epochs : seconds / /** @type {number} */ (config.seconds);
}

/** @param {FitConfig} config @param {number} rate that the schedule starts from @param {number} share
 * @returns {number} */
export function rateAt(config, rate, share) {
  const spent = Math.min(share, 1);
  const warm = spent < config.warmup ? spent / config.warmup : 1;
  return rate * warm * (config.schedule === "cosine" ? 0.5 * (1 + Math.cos(Math.PI * spent)) : 1);
}
