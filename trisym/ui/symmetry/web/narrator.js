/**
 * Says in words what a hand did: "Rotated 120°. Latent point: sides-h3 stayed put (0.003), ..."
 *
 * @typedef {import("./symmetry_scene.js").SymmetryScene} Scene
 * @typedef {import("../../kit/web/latent_track.js").LatentTrack} LatentTrack
 */
import { bestTurn } from "../../kit/web/alignment.js";
import { centroid, faultOfVertices, turnAngle } from "../../kit/web/geometry.js";
import { fixed } from "../../kit/web/numbers.js";
import { verdict } from "../../kit/web/verdict.js";

const REASONS = /** @type {Record<string, string>} */ ({
  reshape: "New shape",
  sides: "New sides",
  new: "New triangle",
  swap: "Vertices swapped: the sides trade places",
});

export class Narrator {
  /** @param {Scene} scene */
  constructor(scene) {
    this.vertices = scene.vertices.slice();
    this.references = scene.references;
  }

  /** Remember where a gesture starts. @param {Scene} scene */
  begin(scene) {
    this.vertices = scene.vertices.slice();
    this.references = scene.references;
  }

  /** What happened since `begin`. @param {Scene} scene @param {LatentTrack[]} tracks
   * @param {string} [what] names it, where the motion alone does not
   * @returns {string} empty if nothing did */
  end(scene, tracks, what = "") {
    const changed = scene.references !== this.references;
    const did = what || (changed ? this.tellShape(scene) : this.tellMotion(scene));
    const answer = changed && scene.referenceReason !== "reset"
      ? tracks.map(tellJump).join(", ")
      : tracks.map(tellDrift).join(", ");
    this.begin(scene);
    if (!did) return "";
    const place = scene.belowZero ? "partly below 0" : "outside the training cube";
    const outside = scene.inside ? "" : ` The triangle is ${place}.`;
    return `${did}. Latent point: ${answer}.${outside}`;
  }

  /** @param {Scene} scene */
  tellShape(scene) {
    if (scene.referenceReason === "reset") return "Reset";
    if (scene.referenceReason === "zero") return "Drift is measured from here";
    const sides = scene.sides.map((l, i) => `l${i + 1} = ${l.toFixed(3)}`).join(", ");
    return `${REASONS[scene.referenceReason] ?? "Changed"} (${sides})`;
  }

  /** @param {Scene} scene */
  tellMotion(scene) {
    if (faultOfVertices(scene.vertices)) return "";
    const degrees = (turnAngle(bestTurn(this.vertices, scene.vertices)) * 180) / Math.PI;
    const [a, b] = [centroid(this.vertices), centroid(scene.vertices)];
    const distance = Math.hypot(a[0] - b[0], a[1] - b[1], a[2] - b[2]);
    const parts = [];
    if (degrees >= 0.5) parts.push(`rotated ${Math.round(degrees)}°`);
    if (distance >= 0.005) parts.push(`moved by ${distance.toFixed(2)} cube edges`);
    const text = parts.join(", ");
    return text.charAt(0).toUpperCase() + text.slice(1);
  }
}

/** @param {LatentTrack} track */
function tellDrift(track) {
  if (track.drift === null) return `${track.network.title} not measured yet`;
  return `${track.network.title} ${verdict(track.drift, track.largest).word} (${fixed(track.drift)})`;
}

/** @param {LatentTrack} track */
function tellJump(track) {
  if (track.jump === null) return `${track.network.title} starts here`;
  return `${track.network.title} went ${fixed(track.jump)} of the spread`;
}

/** The whole picture in words, for who cannot see it. @param {Scene} scene
 * @param {LatentTrack[]} tracks */
export function describe(scene, tracks) {
  const [x, y, z] = centroid(scene.vertices).map((c) => c.toFixed(2));
  const sides = scene.sides.map((l) => l.toFixed(3)).join(", ");
  const place = scene.inside ? "inside" : "partly outside";
  const latents = tracks.map((track) => {
    const latent = Array.from(track.latent, (value) => fixed(value)).join(", ");
    return `${tellDrift(track)}, latent ${latent}`;
  });
  return (
    `A triangle with sides ${sides}, centred at ${x}, ${y}, ${z}, ${place} the training cube. ` +
    `Drift of the latent point since the last reset, in spreads of the cloud: ${latents.join("; ")}.`
  );
}
