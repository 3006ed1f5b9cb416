/**
 * The molecule in the box that the predictors know: three equal atoms, the line that the pulled one
 * runs on, and the force on each atom.
 *
 * @typedef {import("../../kit/web/theme.js").Theme} Theme
 * @typedef {import("./line.js").HingeLine | import("./line.js").PrintedLine} Line
 */
import { WorldView } from "../../kit/web/world_view.js";
import { centroid, sideLengths } from "../../kit/web/geometry.js";
import { drawCubeBehind, drawCubeInFront } from "../../kit/web/cube.js";
import { css } from "../../kit/web/theme.js";
import { drawForces } from "../../kit/web/force_arrows.js";
import { forcesOn } from "./potential.js";

const TRACK_STEPS = 40;
const FORCE_COLOUR = { light: [150, 40, 120], dark: [240, 150, 220] };

export class MoleculeView extends WorldView {
  /** @param {HTMLCanvasElement} canvas @param {number} edge of the box, in the unit of sigma */
  constructor(canvas, edge) {
    super(canvas);
    this.edge = edge;
    /** @type {number[] | null} vertices that may be pulled; null for any */
    this.pullable = null;
  }

  /** @param {import("../../kit/web/triangle_scene.js").TriangleScene} scene @param {Theme} theme
   * @param {Line | null} line @param {number} sigma */
  drawMolecule(scene, theme, line, sigma) {
    if (this.surface.empty) return;
    this.look(scene);
    this.fitType(theme);
    const pen = this.surface.clear();
    pen.lineJoin = "round";
    pen.lineCap = "round";
    drawCubeBehind(pen, this.view, theme);
    this.drawShadow(pen, scene, theme);
    if (line) this.drawTrack(pen, scene, theme, line);
    this.drawFace(pen, scene, theme);
    this.drawEdges(pen, theme);
    drawCubeInFront(pen, this.view, theme);
    if (!scene.inside) this.drawEscapes(pen, scene, theme);
    this.drawVertices(pen, scene, theme);
    this.drawForces(pen, scene, theme, sigma);
    this.drawLengths(pen, scene, theme, line);
  }

  /** Where the pulled atom can go. @param {CanvasRenderingContext2D} pen
   * @param {import("../../kit/web/triangle_scene.js").TriangleScene} scene @param {Theme} theme @param {Line} line */
  drawTrack(pen, scene, theme, line) {
    const [low, high] = line.range(scene.vertices);
    pen.beginPath();
    for (let i = 0; i <= TRACK_STEPS; i += 1) {
      const v = line.at(scene.vertices, low + ((high - low) * i) / TRACK_STEPS);
      const at = 3 * line.moving;
      const [x, y] = this.view.project(v[at], v[at + 1], v[at + 2]);
      if (i) pen.lineTo(x, y);
      else pen.moveTo(x, y);
    }
    pen.strokeStyle = css(theme.accent, 0.75);
    pen.lineWidth = 3;
    pen.setLineDash([1, 7]);
    pen.stroke();
    pen.setLineDash([]);
  }

  /** Arrows along -dE/dx. @param {CanvasRenderingContext2D} pen
   * @param {import("../../kit/web/triangle_scene.js").TriangleScene} scene
   * @param {Theme} theme @param {number} sigma */
  drawForces(pen, scene, theme, sigma) {
    const forces = forcesOn(scene.vertices.map((c) => c * this.edge), sigma);
    const colour = css(theme.dark ? FORCE_COLOUR.dark : FORCE_COLOUR.light);
    drawForces(pen, this, scene.vertices, forces, colour);
  }

  /** Side lengths in the unit of sigma; the pulled side in the accent colour.
   * @param {CanvasRenderingContext2D} pen @param {import("../../kit/web/triangle_scene.js").TriangleScene} scene
   * @param {Theme} theme @param {Line | null} line */
  drawLengths(pen, scene, theme, line) {
    const sides = sideLengths(scene.vertices).map((side) => side * this.edge);
    const [mx, my] = this.view.project(...centroid(scene.vertices));
    const size = Math.round(this.typeSize);
    pen.font = theme.type(size, 600);
    pen.textAlign = "center";
    pen.textBaseline = "middle";
    [[0, 1], [1, 2], [2, 0]].forEach(([i, j], k) => {
      const [a, b] = [this.spots[i], this.spots[j]];
      const [x, y] = [(a[0] + b[0]) / 2, (a[1] + b[1]) / 2];
      const away = Math.hypot(x - mx, y - my) || 1;
      const text = `l${"₁₂₃"[k]} ${sides[k].toFixed(3)}`;
      const half = pen.measureText(text).width / 2;
      const lx = x + ((x - mx) / away) * (half + 14);
      const ly = y + ((y - my) / away) * (size / 2 + 14);
      const pulled = line?.name === `l${k + 1}`;
      pen.fillStyle = pulled ? css(theme.accent) : css(theme.background, 0.85);
      pen.beginPath();
      pen.roundRect(lx - half - 6, ly - size * 0.78, 2 * half + 12, size * 1.56, size * 0.5);
      pen.fill();
      pen.fillStyle = pulled ? "#fff" : theme.ink(1);
      pen.fillText(text, lx, ly + 0.5);
    });
  }

  /** What can't be pulled along the line turns with the rest.
   * @param {number} x @param {number} y @param {number} slack */
  holdAt(x, y, slack) {
    const hold = super.holdAt(x, y, slack);
    const bound = hold.kind === "vertex" && this.pullable && !this.pullable.includes(hold.vertex);
    return bound ? { kind: /** @type {const} */ ("triangle") } : hold;
  }
}
