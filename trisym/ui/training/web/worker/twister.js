/**
 * The random numbers of PyTorch's CPU generator, number by number, so that a seed means the same
 * network, the same triangles and the same batches here and on the server.
 *
 * Mersenne Twister (Matsumoto & Nishimura 1998); how PyTorch makes floats, normals and permutations of
 * it is in its ATen/core/TransformationHelper.h, DistributionsHelper.h and native/TensorFactories.cpp.
 */

const SIZE = 624;
const APART = 397;
const TWO_PI = 2 * Math.PI;
const AT_ONCE = 16; // normals that PyTorch draws in pairs of eight

export class Twister {
  /** @param {number} seed of which the lower 32 bits count, as in PyTorch */
  constructor(seed) {
    this.words = new Uint32Array(SIZE);
    this.next = SIZE;
    /** @type {number | null} the second of a pair of normals, for the next */
    this.other = null;
    let word = Number(BigInt(Math.trunc(seed)) & 0xffffffffn);
    this.words[0] = word;
    for (let i = 1; i < SIZE; i += 1) {
      word = (Math.imul(1812433253, word ^ (word >>> 30)) + i) >>> 0;
      this.words[i] = word;
    }
  }

  /** @returns {{words: Uint32Array, next: number}} to go on from */
  state() {
    return { words: this.words.slice(), next: this.next };
  }

  /** @param {{words: Uint32Array, next: number}} state */
  restore({ words, next }) {
    this.words.set(words);
    this.next = next;
  }

  refill() {
    const { words } = this;
    for (let i = 0; i < SIZE; i += 1) {
      const mixed = (words[i] & 0x80000000) | (words[(i + 1) % SIZE] & 0x7fffffff);
      words[i] = words[(i + APART) % SIZE] ^ (mixed >>> 1) ^ (mixed & 1 ? 0x9908b0df : 0);
    }
    this.next = 0;
  }

  /** @returns {number} 32 random bits */
  bits() {
    if (this.next === SIZE) this.refill();
    let word = this.words[this.next];
    this.next += 1;
    word ^= word >>> 11;
    word ^= (word << 7) & 0x9d2c5680;
    word ^= (word << 15) & 0xefc60000;
    return (word ^ (word >>> 18)) >>> 0;
  }

  /** @returns {number} a float32 in [0, 1) */
  single() {
    return (this.bits() & 0xffffff) / 0x1000000;
  }

  /** @returns {number} a float64 in [0, 1) */
  double() {
    const high = this.bits() & 0x1fffff;
    return (high * 0x100000000 + this.bits()) / 0x20000000000000;
  }

  /** @param {number} n @returns {Uint32Array} 0 to n − 1 in a random order */
  permutation(n) {
    const order = Uint32Array.from({ length: n }, (_, i) => i);
    for (let i = 0; i < n - 1; i += 1) {
      const other = i + (this.bits() % (n - i));
      const kept = order[i];
      order[i] = order[other];
      order[other] = kept;
    }
    return order;
  }

  /** @param {number} n @returns {Float64Array} standard normals (Box & Muller 1958) */
  normals(n) {
    return n < AT_ONCE ? this.fewNormals(n) : this.manyNormals(n);
  }

  /** @param {number} n @returns {Float64Array} */
  fewNormals(n) {
    const found = new Float64Array(n);
    for (let i = 0; i < n; i += 1) {
      if (this.other !== null) {
        found[i] = this.other;
        this.other = null;
        continue;
      }
      const angle = TWO_PI * this.double();
      const radius = Math.sqrt(-2 * Math.log1p(-this.double()));
      found[i] = radius * Math.cos(angle);
      this.other = radius * Math.sin(angle);
    }
    return found;
  }

  /** @param {number} n @returns {Float64Array} */
  manyNormals(n) {
    const found = Float64Array.from({ length: n }, () => this.double());
    const pair = (/** @type {number} */ start) => {
      for (let i = start; i < start + AT_ONCE / 2; i += 1) {
        const radius = Math.sqrt(-2 * Math.log(1 - found[i]));
        const angle = TWO_PI * found[i + AT_ONCE / 2];
        found[i] = radius * Math.cos(angle);
        found[i + AT_ONCE / 2] = radius * Math.sin(angle);
      }
    };
    for (let i = 0; i + AT_ONCE <= n; i += AT_ONCE) pair(i);
    if (n % AT_ONCE) {
      for (let i = n - AT_ONCE; i < n; i += 1) found[i] = this.double();
      pair(n - AT_ONCE);
    }
    return found;
  }
}
