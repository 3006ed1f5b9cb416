/**
 * What the buttons and letters do: each name is a `data-act` in stage.html.
 *
 * @typedef {import("./stage.js").Stage} Stage
 */
import { Glide, Tumble } from "../../kit/web/motion.js";
import { place, randomMotion, randomTriangle } from "../../kit/web/geometry.js";

/** @type {Record<string, (stage: Stage, pair: string) => void>} */
const ACTS = {
  tumble: toggleTumble,
  motion: moveAtRandom,
  triangle(stage) {
    stage.scene.setTriangle(randomTriangle(stage.random), "new");
    stage.reporter.soon();
  },
  swap(stage, pair) {
    stage.scene.swap(Number(pair[0]), Number(pair[1]));
    stage.reporter.soon();
  },
  mirror(stage) {
    stage.scene.mirror(stage.screen.world.view.right);
    stage.reporter.soon("Mirrored: every side stays as it was. Three points lie in a plane, so a rotation in space does the same");
  },
  ghost(stage) {
    const ids = stage.tracks.map((track) => track.network.id);
    stage.scene.ghosts = new Set(stage.scene.ghosts.size ? [] : ids);
  },
  zero(stage) {
    stage.scene.newReference("zero");
    stage.reporter.soon();
  },
  reset(stage) {
    stage.scene.reset();
    stage.reporter.soon();
  },
  fullscreen(stage) {
    if (document.fullscreenElement) document.exitFullscreen();
    else stage.root.requestFullscreen?.();
  },
  help(stage) {
    /** @type {HTMLElement} */ (stage.root.querySelector("#help")).togglePopover();
  },
};

/** @param {Stage} stage @param {string} name @param {string} [pair] of vertices, as "01" */
export function act(stage, name, pair = "01") {
  if (name === "fullscreen" || name === "help") {
    ACTS[name](stage, pair);
    return;
  }
  const wasTumbling = stage.tumbling;
  if (stage.motion) stage.stopMotion();
  stage.showFault(null);
  if (name !== "tumble" || !wasTumbling) ACTS[name](stage, pair);
  stage.changed();
}

/** A smooth random walk; a single motion where the system asks for reduced motion.
 * @param {Stage} stage */
function toggleTumble(stage) {
  if (stage.reducedMotion.matches) {
    moveAtRandom(stage);
    return;
  }
  stage.reporter.begin();
  stage.motion = new Tumble(stage.scene.vertices, stage.random);
}

/** @param {Stage} stage */
function moveAtRandom(stage) {
  const { scene } = stage;
  const motion = randomMotion(scene.vertices, stage.random);
  if (!motion.fits) stage.showFault("This triangle is too large to turn freely inside the cube.");
  if (stage.reducedMotion.matches) {
    scene.vertices = place(scene.vertices, motion.q, motion.target);
    stage.reporter.soon();
  } else {
    stage.motion = new Glide(scene.vertices, motion);
  }
}
