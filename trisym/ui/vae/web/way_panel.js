/** One network's panel: its number, the triangle that it decodes, and the sides along the way. */
import { CameraHand } from "../../kit/web/pointer.js";
import { Network } from "../../kit/web/encoder.js";
import { TriangleScene } from "../../kit/web/triangle_scene.js";
import { Way } from "./way.js";
import { WayPlot } from "./way_plot.js";
import { WorldView } from "../../kit/web/world_view.js";
import { centroid, sideLengths } from "../../kit/web/geometry.js";
import { fixed } from "../../kit/web/numbers.js";
import { part, setAttribute, setText } from "../../kit/web/dom.js";

const STAYED = 0.01; // edges: what a good network errs by at most, so that no eye sees it
const SIDES = ["l1", "l2", "l3"];

export class WayPanel {
  /** @param {import("./between.js").Between} view @param {import("./between.js").ModelEntry} entry */
  constructor(view, entry) {
    const template = part(view.root, ".way-template", HTMLTemplateElement);
    const copy = /** @type {DocumentFragment} */ (template.content.cloneNode(true));
    this.root = part(copy, ".way", HTMLElement);
    this.heading = entry.heading;
    this.id = entry.network.id;
    this.way = new Way(new Network(entry.network));
    this.decoded = new TriangleScene({ pose: new Array(9).fill(0), tool: "camera" });
    this.world = new WorldView(part(this.root, ".shape canvas", HTMLCanvasElement));
    this.plot = new WayPlot(part(this.root, ".plot canvas", HTMLCanvasElement));
    setText(part(this.root, ".title", HTMLElement), entry.heading);
    setAttribute(this.world.surface.canvas, "aria-label", `${entry.heading}: the triangle on the path.`);
    setAttribute(this.plot.surface.canvas, "aria-label", `${entry.heading}: the three sides along the path.`);
    view.watch(this.world.surface, this.plot.surface);
    view.hand(this.world.surface.canvas, new CameraHand(() => view.scene.camera, view, true));
  }

  /** @param {import("./between_scene.js").BetweenScene} scene */
  follow(scene) {
    this.way.lead(scene.vertices, scene.end);
  }

  get level() {
    return this.way.changed < STAYED ? "stayed" : "moved";
  }

  /** @param {import("./between_scene.js").BetweenScene} scene
   * @param {import("../../kit/web/theme.js").Theme} theme */
  draw(scene, theme) {
    const triangle = this.way.at(scene.share);
    // Where it lies is left to chance by the side loss: it is shown in the middle of the cube.
    const middle = centroid(triangle);
    this.decoded.vertices = triangle.map((value, i) => value - middle[i % 3] + 0.5);
    this.decoded.camera = scene.camera;
    this.world.draw(this.decoded, theme, []);
    this.plot.draw(this.way.sides, [sideLengths(scene.vertices), sideLengths(scene.end)], scene.share, theme);
    setText(part(this.root, ".value", HTMLElement), fixed(this.way.changed));
    this.root.dataset.level = this.level;
  }

  /** For who can't see it, once the hand has let go. @param {number} share */
  tell(share) {
    const sides = sideLengths(this.way.at(share)).map((side, k) => `${SIDES[k]} ${fixed(side)}`).join(", ");
    const shown = `${this.heading}, ${Math.round(100 * share)} % of the path: ${sides}.`;
    setAttribute(this.world.surface.canvas, "aria-label", shown);
  }
}
