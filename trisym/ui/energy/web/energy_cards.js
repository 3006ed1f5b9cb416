/**
 * The energies as text: exact, each prediction with its residual and the interval over poses, for eyes
 * in the back row and for readers of the screen.
 *
 * @typedef {{t: number, exact: number, predicted: number[], force: number, label: string,
 *   exactOnly: boolean}} Now
 */
import { part, setText } from "../../kit/web/dom.js";
import { energyText } from "./potential.js";

/** @param {number} value */
export function signedEnergy(value) {
  const text = energyText(value);
  return text.startsWith("−") || text === "0.000" ? text : `+${text}`;
}

export class EnergyCards {
  /** @param {HTMLElement} root @param {string[]} kinds */
  constructor(root, kinds) {
    this.exact = part(root, ".card.exact .value", HTMLElement);
    this.force = part(root, ".card.exact .more", HTMLElement);
    this.cards = kinds.map((kind) => {
      const card = part(root, `.card.from-${kind}`, HTMLElement);
      const [value, residual, more] = [".value", ".residual", ".more"].map((name) =>
        part(card, name, HTMLElement));
      return { card, value, residual, more };
    });
  }

  /** @param {Now} now @param {import("./bands.js").Bands} bands */
  write(now, bands) {
    setText(this.exact, energyText(now.exact));
    setText(this.force, `force ${energyText(Math.abs(now.force))}, ${pullOrPush(now.force)}`);
    this.cards.forEach(({ card, value, residual, more }, i) => {
      card.hidden = now.exactOnly;
      setText(value, energyText(now.predicted[i]));
      setText(residual, `off by ${signedEnergy(now.predicted[i] - now.exact)}`);
      setText(more, intervalText(bands.offsetsAt(now.t, i, now.exact), now.exact, bands.done));
    });
  }
}

/** @param {number} force along the line */
function pullOrPush(force) {
  if (Math.abs(force) < 0.0005) return "at rest";
  return force > 0 ? "outwards" : "inwards";
}

/** @param {number[] | null} offsets @param {number} exact @param {boolean} done */
function intervalText(offsets, exact, done) {
  if (!offsets) return done ? "no pose fits the box" : "…";
  const [low, high] = offsets.map((offset) => energyText(exact + offset));
  return low === high ? `in 500 poses ${low}` : `in 500 poses ${low} … ${high}`;
}

/** One sentence about the molecule. @param {Now} now @param {string[]} kinds
 * @param {number[]} sides @param {string} where */
export function tellEnergy(now, kinds, sides, where) {
  const exact = Number.isFinite(now.exact) ? `exact energy ${energyText(now.exact)}` : "the energy diverges";
  const predicted = now.exactOnly
    ? ""
    : `; ${kinds.map((kind, i) => `from ${kind} ${energyText(now.predicted[i])}`).join(", ")}`;
  const lengths = sides.map((side) => side.toFixed(3)).join(", ");
  return `Sides ${lengths}: ${exact}${predicted}. ${where}`.trim();
}
