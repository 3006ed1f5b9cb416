/** The triangle on the stage, how its latent spaces are looked at, and what is drawn of them. */
import { TriangleScene } from "../../kit/web/triangle_scene.js";
import { cameraFrom, numbersOf } from "../../kit/web/camera.js";

export const HOME_LATENT_CAMERA = [0.75, 0.42, 1];

export class SymmetryScene extends TriangleScene {
  /** @param {import("../../kit/web/link_codec.js").SceneValues} start */
  constructor({ pose, camera, latentCamera = HOME_LATENT_CAMERA, tool, reference = pose }) {
    super({ pose, camera, tool });
    this.reference = reference.slice();
    this.latentCamera = cameraFrom(latentCamera);
    /** Which reconstructions are drawn. @type {Set<string>} */
    this.ghosts = new Set();
    /** Whether forces are drawn, where there are any. */
    this.forces = false;
    /** The latent nodes shown, up to three, by model id. @type {Map<string, number[]>} */
    this.nodes = new Map();
  }

  reset() {
    super.reset();
    Object.assign(this.latentCamera, cameraFrom(HOME_LATENT_CAMERA));
  }

  /** Who opens the link sees the same drift: the pose that it is measured from goes along. */
  values() {
    const { reference, vertices } = this;
    const moved = vertices.some((c, i) => c !== reference[i]);
    const values = { ...super.values(), latentCamera: numbersOf(this.latentCamera) };
    return moved ? { ...values, reference } : values;
  }
}
