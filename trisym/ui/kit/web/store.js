/**
 * What outlives a rerun, a theme switch and a visit to another page: one object on globalThis, since
 * Streamlit takes the component's own elements away.
 *
 * @typedef {{scene: import("./scene.js").Scene, revision: string,
 *   tracks: Map<string, import("./latent_track.js").LatentTrack>}} Kept
 */

const VERSION = 1;
const REFERENCES_KEPT = 4; // 1.8 MB each at 50,000 triangles

/** @returns {{version: number, kept: Map<string, Kept>, stages: Map<string, any>,
 *   references: Map<string, Float32Array>, waiting: Set<() => void>}} */
export function store() {
  const place = /** @type {any} */ (globalThis);
  if (place.__trisymStage?.version !== VERSION) {
    place.__trisymStage = {
      version: VERSION,
      kept: new Map(),
      stages: new Map(),
      references: new Map(),
      waiting: new Set(),
    };
  }
  return place.__trisymStage;
}

/** @param {string} id @param {Float32Array} triangles */
export function keepReference(id, triangles) {
  const { references, waiting } = store();
  references.delete(id);
  references.set(id, triangles);
  for (const oldest of references.keys()) {
    if (references.size <= REFERENCES_KEPT) break;
    references.delete(oldest);
  }
  for (const tell of waiting) tell();
}
