/**
 * What a hand on the world view does: turn, carry or reshape the triangle, or move the camera.
 *
 * @typedef {import("./pointer.js").Move} Move
 * @typedef {import("./pointer.js").Pinch} Pinch
 *
 * @typedef {{
 *   scene: import("./triangle_scene.js").TriangleScene,
 *   world: import("./world_view.js").WorldView,
 *   beginGesture(): void, endGesture(): void, invalidate(): void, reportWhenQuiet(): void,
 *   showFault(sentence: string | null): void, hover(hold: import("./world_view.js").Hold): void,
 * }} Owner a TriangleView
 */
import { Hand, turnByHand } from "./pointer.js";
import { centroid, compose, turnAbout } from "./geometry.js";
import { zoomBy } from "./camera.js";

const BALL = 0.45; // radius of the ball that seems to roll under the hand, in cube edges
const VERTEX_REACH = 70; // pixels within which the reshape tool takes the nearest vertex
const SLACK = { mouse: 4, pen: 8, touch: 16 };

export class WorldHand extends Hand {
  /** @param {Owner} owner */
  constructor(owner) {
    super();
    this.owner = owner;
    /** @type {"rotate" | "move" | "reshape" | "camera"} */
    this.mode = "camera";
    this.vertex = 0;
  }

  get scene() {
    return this.owner.scene;
  }

  get world() {
    return this.owner.world;
  }

  get view() {
    return this.world.view;
  }

  /** @param {number} x @param {number} y @param {PointerEvent} event */
  begin(x, y, event) {
    this.owner.beginGesture();
    this.world.look(this.scene);
    this.mode = this.chooseMode(x, y, event);
  }

  /** @param {number} x @param {number} y @param {PointerEvent} event */
  chooseMode(x, y, event) {
    const { tool } = this.scene;
    const hold = this.world.holdAt(x, y, slackOf(event));
    if (tool === "camera") return "camera";
    if (event.shiftKey) return "move";
    if (hold.kind === "vertex" && tool !== "move") {
      this.vertex = hold.vertex;
      return "reshape";
    }
    if (tool === "reshape") {
      this.vertex = this.world.nearestVertex(x, y);
      const [vx, vy] = this.world.spots[this.vertex];
      return Math.hypot(vx - x, vy - y) < VERTEX_REACH ? "reshape" : "camera";
    }
    return hold.kind === "space" ? "camera" : tool;
  }

  /** @param {Move} move */
  move({ dx, dy, shift }) {
    const mode = shift && this.mode === "rotate" ? "move" : this.mode;
    if (mode === "rotate") this.roll(dx, dy);
    else if (mode === "move") this.carry(dx, dy);
    else if (mode === "reshape") this.pull(dx, dy);
    else turnByHand(this.scene.camera, dx, dy);
    this.owner.invalidate();
  }

  /** Turn as if a ball rolled under the hand. @param {number} dx @param {number} dy in pixels */
  roll(dx, dy) {
    const radius = BALL * this.view.scaleAt(0);
    const aboutUp = turnAbout(this.view.up, dx / radius);
    this.scene.rotate(compose(aboutUp, turnAbout(this.view.right, dy / radius)));
  }

  /** @param {number} dx @param {number} dy */
  carry(dx, dy) {
    const depth = this.view.project(...centroid(this.scene.vertices))[2];
    this.scene.move(this.view.stepInSpace(dx, dy, depth));
  }

  /** @param {number} dx @param {number} dy */
  pull(dx, dy) {
    const v = this.scene.vertices.slice(3 * this.vertex, 3 * this.vertex + 3);
    const depth = this.view.project(v[0], v[1], v[2])[2];
    this.owner.showFault(this.scene.reshape(this.vertex, this.view.stepInSpace(dx, dy, depth)));
  }

  /** @param {Pinch} pinch */
  pinch({ dx, dy, zoom, twist }) {
    this.scene.endReshape();
    zoomBy(this.scene.camera, zoom);
    if (this.scene.tool === "camera") {
      turnByHand(this.scene.camera, dx, dy);
    } else {
      this.carry(dx, dy);
      this.scene.rotate(turnAbout(this.view.forward, twist));
    }
    this.owner.invalidate();
  }

  end() {
    this.scene.endReshape();
    this.owner.endGesture();
  }

  /** @param {number} x @param {number} y @param {PointerEvent} event */
  hover(x, y, event) {
    this.owner.hover(this.world.holdAt(x, y, slackOf(event)));
  }

  /** @param {number} factor */
  wheel(factor) {
    const changed = zoomBy(this.scene.camera, factor);
    this.owner.invalidate();
    this.owner.reportWhenQuiet();
    return changed;
  }
}

/** @param {PointerEvent} event */
function slackOf(event) {
  return SLACK[/** @type {keyof typeof SLACK} */ (event.pointerType)] ?? SLACK.mouse;
}
