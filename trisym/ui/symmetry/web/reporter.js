/**
 * Tells what the hand did, once it lets go and things are quiet: a sentence on the page, and the scene
 * to Python as the component's only message. Never during a drag or a tumble.
 *
 * @typedef {import("./stage.js").Stage} Stage
 */
import { Narrator, describe } from "./narrator.js";
import { setText } from "./panel.js";

const RELEASE_DELAY = 150; // milliseconds from letting go to the message
export const BURST_DELAY = 450; // wheels and held keys come in bursts: told as one

export class Reporter {
  /** @param {Stage} stage */
  constructor(stage) {
    this.stage = stage;
    this.status = /** @type {Element} */ (stage.root.querySelector(".status"));
    this.description = /** @type {Element} */ (stage.root.querySelector("#description"));
    this.narrator = new Narrator(stage.scene);
    /** @type {ReturnType<typeof setTimeout> | undefined} */
    this.timer = undefined;
    this.what = "";
    this.holding = false;
  }

  /** Something begins that is told when it is over, with what was still to be told. */
  begin() {
    if (this.timer === undefined) this.narrator.begin(this.stage.scene);
    this.cancel();
  }

  /** A hand takes hold: nothing is told until it lets go. */
  hold() {
    this.begin();
    this.holding = true;
  }

  letGo() {
    this.holding = false;
    this.soon();
  }

  /** @param {string} [what] names what happened, where the motion alone does not
   * @param {number} [delay] in milliseconds */
  soon(what = "", delay = RELEASE_DELAY) {
    this.cancel();
    this.what = what || this.what;
    this.timer = setTimeout(() => this.tell(), delay);
  }

  /** What was to be told is told with what comes next. */
  cancel() {
    clearTimeout(this.timer);
    this.timer = undefined;
  }

  tell() {
    this.timer = undefined;
    const { stage } = this;
    if (this.holding || stage.motion) return;
    stage.scene.endReshape();
    stage.follow();
    const sentence = this.narrator.end(stage.scene, stage.tracks, this.what);
    this.what = "";
    if (sentence) setText(this.status, sentence);
    this.describe();
    stage.invalidate();
    stage.send("scene", {
      ...stage.scene.payload(),
      drift: this.byName("drift"),
      largest: this.byName("largest"),
    });
  }

  describe() {
    setText(this.description, describe(this.stage.scene, this.stage.tracks));
  }

  /** @param {"drift" | "largest"} number @returns {Record<string, number | null>} */
  byName(number) {
    const tracks = this.stage.tracks.filter((track) => track.cloud.done);
    return Object.fromEntries(tracks.map((track) => [track.network.name, track[number]]));
  }
}
