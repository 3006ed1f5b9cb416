/** One network's latent space, three of its nodes, and its numbers as text. */
import { LatentPanel } from "../../kit/web/latent_panel.js";
import { fixed, signed } from "../../kit/web/numbers.js";
import { setText } from "../../kit/web/dom.js";
import { signedVolume } from "./points_scene.js";
import { tellingNodes } from "./points_cloud.js";

export class PointsPanel extends LatentPanel {
  /** @param {HTMLTemplateElement} template @param {import("../../kit/web/latent_track.js").LatentTrack} track
   * @param {import("./points_cloud.js").RandomSets} random */
  constructor(template, track, random) {
    super(template, track);
    this.random = random;
  }

  chosenNodes() {
    return tellingNodes(this.track.cloud, this.random.values);
  }

  /** Mean of |d − d′| over all pairs. @param {number[]} distances of the set in the hand */
  pairError(distances) {
    const { rebuiltSides } = this.track;
    return distances.reduce((sum, d, i) => sum + Math.abs(d - rebuiltSides[i]), 0) / distances.length;
  }

  /** @param {import("./points_scene.js").PointsScene} scene */
  write(scene) {
    const { track } = this;
    this.writeDrift();
    setText(this.find(".error dd"), fixed(this.pairError(scene.sides)));
    this.find(".volume").hidden = scene.count !== 4;
    if (scene.count === 4) {
      const decoded = track.network.decode(track.latent);
      setText(this.find(".volume dd"), signed(signedVolume(decoded)));
    }
  }
}
