/**
 * The Lennard-Jones energy of a molecule (eqs. 9 to 11 of the thesis):
 * V(r) = (sigma/r)^12 - (sigma/r)^6 and E = 4 (V(l1) + V(l2) + V(l3)), since each pair counts twice
 * in the sum over atoms, and that sum is doubled.
 */

/** @param {number} r @param {number} sigma @returns {number} infinite at r = 0, never NaN */
export function lennardJones(r, sigma) {
  const sixth = (sigma / r) ** 6;
  return sixth * (sixth - 1);
}

/** -dV/dr: above 0 it pushes the two atoms apart. @param {number} r @param {number} sigma */
export function pairForce(r, sigma) {
  const sixth = (sigma / r) ** 6;
  return (6 * sixth * (2 * sixth - 1)) / r;
}

/** @param {ArrayLike<number>} sides @param {number} sigma @returns {number} */
export function moleculeEnergy(sides, sigma) {
  let sum = 0;
  for (let i = 0; i < sides.length; i += 1) sum += lennardJones(sides[i], sigma);
  return 4 * sum;
}

/** -dE/dx of the three atoms, nine numbers.
 * @param {number[]} v nine coordinates, in the unit of sigma @param {number} sigma */
export function forcesOn(v, sigma) {
  const forces = new Array(9).fill(0);
  for (const [i, j] of [[0, 1], [1, 2], [2, 0]]) {
    const apart = [0, 1, 2].map((axis) => v[3 * i + axis] - v[3 * j + axis]);
    const r = Math.hypot(...apart);
    const strength = (4 * pairForce(r, sigma)) / r;
    for (let axis = 0; axis < 3; axis += 1) {
      forces[3 * i + axis] += strength * apart[axis];
      forces[3 * j + axis] -= strength * apart[axis];
    }
  }
  return forces;
}

/** The energy as text; what no plot can hold has an exponent. @param {number} energy */
export function energyText(energy) {
  if (!Number.isFinite(energy)) return "diverges";
  const text = Math.abs(energy) < 1000 ? energy.toFixed(3) : energy.toExponential(2);
  return text.replace(/^-0\.000$/, "0.000").replaceAll("-", "−");
}
