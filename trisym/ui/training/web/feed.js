/**
 * Asks the server for the news of a run, several times a second, without the page running again.
 *
 * @typedef {{standing: string, status: string, parcels: string[],
 *   fresh: {id: string, frames: string, count: number}[], latest: string, nodes: number,
 *   others: number[][][]}} News
 */

const REFRESH_MS = 400;
const AGAIN_MS = 2000; // after a failure: the server may be starting again

export class Feed {
  /** @param {() => number} have how many frames are here @param {(news: News) => void} tell
   * @param {AbortSignal} signal ends it */
  constructor(have, tell, signal) {
    this.have = have;
    this.tell = tell;
    this.signal = signal;
    this.address = "";
    /** @type {ReturnType<typeof setTimeout> | undefined} */
    this.timer = undefined;
    // A tab that nobody sees asks for nothing.
    document.addEventListener("visibilitychange", () => this.askSoon(0), { signal });
    signal.addEventListener("abort", () => this.follow(""));
  }

  /** @param {string} address of a run's news; none ends the asking */
  follow(address) {
    if (address === this.address) return;
    this.address = address;
    this.askSoon(0);
  }

  /** @param {number} ms */
  askSoon(ms) {
    clearTimeout(this.timer);
    if (this.address && !document.hidden) this.timer = setTimeout(() => void this.ask(), ms);
  }

  async ask() {
    const { address, signal } = this;
    try {
      const asked = new URL(`${address}?have=${this.have()}`, document.baseURI);
      const answer = await fetch(asked, { signal, cache: "no-store" });
      if (address !== this.address) return;
      if (answer.ok) this.tell(await answer.json());
      this.askSoon(answer.ok ? REFRESH_MS : AGAIN_MS);
    } catch {
      if (!signal.aborted) this.askSoon(AGAIN_MS);
    }
  }
}
