/** One training step's products in TensorFlow.js, on any of its backends. */

const WIDTHS = [9, 256, 3, 256, 9]; // table 3
const SLOPE = 0.3;
const WARM = 5; // steps that are not counted: kernels are compiled in them

/** Numbers in [-0.5, 0.5), the same each time. @param {number} count */
export function numbers(count) {
  let state = 1;
  return Float32Array.from({ length: count }, () => {
    state = (Math.imul(state, 1103515245) + 12345) & 0x7fffffff;
    return state / 0x80000000 - 0.5;
  });
}

/** The median of steps that take so many seconds together, in milliseconds.
 * @param {() => unknown} step @param {number} seconds */
export async function medianStep(step, seconds) {
  for (let i = 0; i < WARM; i += 1) await step();
  const times = [];
  const end = performance.now() + 1000 * seconds;
  while (performance.now() < end) {
    const begun = performance.now();
    await step();
    times.push(performance.now() - begun);
  }
  return times.sort((a, b) => a - b)[Math.floor(times.length / 2)];
}

/** @param {any} tf @param {{backend: string, batch: number, seconds: number}} asked
 * @returns {Promise<number>} milliseconds */
export async function tfjsStep(tf, { backend, batch, seconds }) {
  if (!(await tf.setBackend(backend))) throw new Error(`no backend ${backend}`);
  await tf.ready();
  const weights = WIDTHS.slice(1).map((rows, i) => tf.variable(tf.tensor2d(numbers(rows * WIDTHS[i]), [WIDTHS[i], rows])));
  const biases = WIDTHS.slice(1).map((rows) => tf.variable(tf.zeros([rows])));
  const inputs = tf.tensor2d(numbers(9 * batch), [batch, 9]);
  const slope = tf.tensor2d(numbers(9 * batch), [batch, 9]);
  const output = () => weights.reduce((signal, weight, i) => {
    const next = tf.add(tf.matMul(signal, weight), biases[i]);
    return i < weights.length - 1 ? tf.leakyRelu(next, SLOPE) : next;
  }, tf.leakyRelu(inputs, SLOPE));
  const time = await medianStep(async () => {
    const { grads, value } = tf.variableGrads(() => tf.sum(tf.mul(output(), slope)));
    await grads[weights[0].name].data(); // a GPU is done only then
    tf.dispose([grads, value]);
  }, seconds);
  tf.disposeVariables();
  return time;
}

Object.assign(globalThis, { tfjsStep });
