/**
 * What the buttons, letters and boxes of the energy view do: each name is a `data-act` in energy.html.
 *
 * @typedef {import("./energy_stage.js").EnergyStage} EnergyStage
 */
import { Glide, Tumble } from "../../kit/web/motion.js";
import { place, randomMotion, sideLengths, triangleFromSides, carryInside, isInsideCube } from "../../kit/web/geometry.js";
import { PRINTED_POSE } from "./line.js";

const SHORTEST_TYPED = 0.05;
const LONGEST_TYPED = 1.6; // what Fig. 18 needs
const PRINTED_ZOOM = 0.55; // the molecules of Fig. 18 stick far out of the box

/** @type {Record<string, (stage: EnergyStage) => void>} */
const ENERGY_ACTS = {
  tumble(stage) {
    if (stage.reducedMotion.matches) moveMolecule(stage);
    else stage.motion = new Tumble(stage.scene.vertices, Math.random);
  },
  motion: moveMolecule,
  molecule(stage) {
    stage.scene.setTriangle(randomMolecule(stage.data.minSide / stage.data.edge), "new");
    stage.leavePrinted();
    stage.tellSoon();
  },
  reset(stage) {
    stage.restart();
    stage.tellSoon();
  },
  exact(stage) {
    stage.kept.exactOnly = !stage.kept.exactOnly;
    if (!stage.kept.exactOnly) stage.kept.sigma = stage.data.sigma;
    stage.tellSoon();
  },
  csv(stage) {
    offer(new Blob([stage.table()], { type: "text/csv" }), "energy-curve.csv");
  },
  png(stage) {
    stage.screen.plot.surface.canvas.toBlob((blob) => blob && offer(blob, "energy-curve.png"));
  },
  fullscreen(stage) {
    if (document.fullscreenElement) document.exitFullscreen();
    else stage.root.requestFullscreen?.();
  },
  help(stage) {
    /** @type {HTMLElement} */ (stage.root.querySelector("#energy-help")).togglePopover();
  },
};

/** @param {EnergyStage} stage @param {string} name */
export function energyAct(stage, name) {
  const wasTumbling = stage.motion instanceof Tumble;
  if (name !== "help" && name !== "fullscreen" && name !== "csv" && name !== "png") {
    stage.stopMotion();
    stage.showFault(null);
  }
  if (name !== "tumble" || !wasTumbling) ENERGY_ACTS[name](stage);
  stage.changed();
}

/** @param {EnergyStage} stage */
function moveMolecule(stage) {
  const { scene } = stage;
  const motion = randomMotion(scene.vertices, Math.random);
  if (!motion.fits) stage.showFault("No pose of this molecule was found that fits into the box.");
  if (stage.reducedMotion.matches) {
    scene.vertices = place(scene.vertices, motion.q, motion.target);
    stage.tellSoon();
  } else {
    stage.motion = new Glide(scene.vertices, motion);
  }
}

/** Like the training molecules: uniform in the box, every side long enough.
 * @param {number} shortest in box edges */
function randomMolecule(shortest) {
  let v = Array.from({ length: 9 }, Math.random);
  while (Math.min(...sideLengths(v)) <= shortest) v = Array.from({ length: 9 }, Math.random);
  return v;
}

/** The molecule of Fig. 18 where the thesis placed it. @param {EnergyStage} stage */
export function showPrinted(stage) {
  stage.scene.setTriangle(PRINTED_POSE.map((c) => c / stage.data.edge), "new");
  stage.scene.camera.zoom = PRINTED_ZOOM;
}

/** What is wrong with typed sides, as a sentence, or null. @param {number[]} sides */
export function faultOfMolecule(sides) {
  const wrong = sides.findIndex((side) => !(side >= SHORTEST_TYPED && side <= LONGEST_TYPED));
  if (wrong >= 0) {
    const why = sides[wrong] === 0 ? "Two atoms in one place: the energy diverges. " : "";
    return `${why}Side l${wrong + 1} must be a number from ${SHORTEST_TYPED} to ${LONGEST_TYPED}.`;
  }
  const total = sides[0] + sides[1] + sides[2];
  const broken = sides.findIndex((side) => side >= total - side);
  if (broken < 0) return null;
  const rest = (total - sides[broken]).toFixed(3);
  return `No such molecule: l${broken + 1} must be shorter than the other two together (${rest}).`;
}

/** @param {EnergyStage} stage @param {number[]} sides @returns {boolean} whether there is such one */
export function buildMolecule(stage, sides) {
  stage.stopMotion();
  const fault = faultOfMolecule(sides);
  stage.showFault(fault);
  if (fault) return false;
  const { scene, data } = stage;
  const inside = isInsideCube(scene.vertices);
  const built = triangleFromSides(sides.map((side) => side / data.edge), scene.vertices);
  scene.setTriangle(inside ? carryInside(built) : built, "sides");
  stage.leavePrinted();
  stage.changed();
  stage.tellSoon();
  return true;
}

/** @param {Blob} blob @param {string} name */
function offer(blob, name) {
  const link = document.createElement("a");
  link.href = URL.createObjectURL(blob);
  link.download = name;
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 1000);
}
