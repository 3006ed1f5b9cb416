/** A molecule in the hand: three atoms in box units, the line they are pulled along, the potential. */
import { PRINTED_POSE, lineByName } from "./line.js";
import { TriangleScene } from "../../kit/web/triangle_scene.js";
import { carryInside, isInsideCube, sideLengths, triangleFromSides } from "../../kit/web/geometry.js";

const SHORTEST_TYPED = 0.05;
const LONGEST_TYPED = 1.6; // what Fig. 18 needs
const PRINTED_ZOOM = 0.55; // the molecules of Fig. 18 stick far out of the box
export const RIGHT_ANGLED = [0.495, 0.66, 0.825]; // 3 : 4 : 5, as long as a network has seen

export class MoleculeScene extends TriangleScene {
  /** @param {import("../../kit/web/link_codec.js").SceneValues} start
   * @param {{edge: number, minSide: number, sigma: number}} setting */
  constructor(start, setting) {
    super({ pose: start.pose, camera: start.camera, tool: start.tool });
    this.setting = setting;
    this.sigma = setting.sigma;
    this.exactOnly = false;
    this.line = lineByName(start.line[0], setting.edge);
    /** Whether turning and carrying may take it out of the training box; a link may have it out. */
    this.mayLeave = !this.inside && !this.printed;
  }

  /** @param {import("../../kit/web/geometry.js").Quaternion} q */
  rotate(q) {
    const before = this.vertices;
    super.rotate(q);
    this.keepWithin(before);
  }

  /** @param {import("../../kit/web/geometry.js").Point} shift */
  move(shift) {
    const before = this.vertices;
    super.move(shift);
    this.keepWithin(before);
  }

  /** Within the walls, which it slides along; one that is too long for them stops there.
   * @param {number[]} before where it was */
  keepWithin(before) {
    if (this.mayLeave || this.printed) return;
    const { vertices } = this;
    const carried = carryInside(vertices);
    if (isInsideCube(carried)) this.vertices = carried;
    else if (isInsideCube(before)) this.vertices = before;
  }

  /** Let it out, or bring it back in. @param {boolean} may */
  letLeave(may) {
    this.mayLeave = may;
    if (!may && !this.printed) this.vertices = carryInside(this.vertices);
  }

  /** Atoms in the unit of sigma. */
  get atoms() {
    return this.vertices.map((c) => c * this.setting.edge);
  }

  /** Side lengths in the unit of sigma. */
  get lengths() {
    return sideLengths(this.atoms);
  }

  get printed() {
    return this.line.name === "fig18";
  }

  /** @param {number[]} asked @param {number} vertex */
  constrain(asked, vertex) {
    return this.tool === "reshape" ? asked : this.line.nearest(this.vertices, asked, vertex);
  }

  /** @param {string} name */
  useLine(name) {
    this.line = lineByName(name, this.setting.edge);
  }

  /** The molecule of Fig. 18 where the thesis placed it. */
  showPrinted() {
    this.setTriangle(PRINTED_POSE.map((c) => c / this.setting.edge), "new");
    this.camera.zoom = PRINTED_ZOOM;
  }

  /** A molecule of another shape is none of Fig. 18. */
  leavePrinted() {
    if (!this.printed) return;
    this.camera.zoom = 1;
    this.useLine("l2");
  }

  /** Like the training molecules: uniform in the box, every side long enough.
   * @param {() => number} random */
  drawMolecule(random) {
    const shortest = this.setting.minSide / this.setting.edge;
    let v = Array.from({ length: 9 }, random);
    while (Math.min(...sideLengths(v)) <= shortest) v = Array.from({ length: 9 }, random);
    this.setTriangle(v, "new");
    this.leavePrinted();
  }

  /** @param {number[]} sides in the unit of sigma @returns {string | null} a fault, as a sentence */
  build(sides) {
    const fault = faultOfMolecule(sides);
    if (fault) return fault;
    const built = triangleFromSides(sides.map((side) => side / this.setting.edge), this.vertices);
    this.setTriangle(isInsideCube(this.vertices) ? carryInside(built) : built, "sides");
    this.leavePrinted();
    return null;
  }

  /** The sides 3, 4 and 5 at a scale that fits, its right angle along the walls. */
  buildRightAngled() {
    const [three, four] = RIGHT_ANGLED.map((side) => side / this.setting.edge);
    const [x, y] = [(1 - three) / 2, (1 - four) / 2];
    this.setTriangle([x + three, y, 0.5, x, y, 0.5, x, y + four, 0.5], "sides");
    this.leavePrinted();
  }

  /** Why the predictors have never seen such a molecule; empty where they have. */
  get unlike() {
    const short = Math.min(...this.lengths) <= this.setting.minSide;
    const parts = [
      ...(short ? [`a side is under ${this.setting.minSide}`] : []),
      ...(this.inside ? [] : ["an atom is out of the training box"]),
    ];
    return parts.length ? `No network was trained here: ${parts.join(", ")}.` : "";
  }

  values() {
    return { ...super.values(), line: [this.line.name] };
  }
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
