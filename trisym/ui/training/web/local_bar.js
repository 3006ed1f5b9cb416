/**
 * What steers a training in this browser, and what can be done with its model; and, where the page comes
 * without a server, the form that starts one.
 *
 * @typedef {import("./local_run.js").LocalRun} LocalRun
 * @typedef {import("./film.js").Film} Film
 */
import { RadioGroup } from "../../kit/web/radios.js";
import { faultOf } from "./checks.js";
import { joined } from "./local_run.js";
import { numberFrom, significant } from "../../kit/web/numbers.js";
import { offer } from "../../kit/web/downloads.js";
import { epochs } from "../../kit/web/numbers.js";
import { part, parts, setText } from "../../kit/web/dom.js";
import { sentRun } from "../../kit/web/local_sent.js";

const BAR = `
  <span class="local-name"></span>
  <span class="local-running">
    <button type="button" data-local="pause"></button>
    <button type="button" data-local="step" title="One step of the optimiser">One step</button>
    <button type="button" data-local="stop" title="Ends the training here and keeps the network as it is now">Stop training</button>
    <span class="segments" role="radiogroup" aria-label="Pace"><span>Pace</span><button type="button" role="radio"
      data-pace="full">full</button><button type="button" role="radio" data-pace="slow">slow</button><button
      type="button" role="radio" data-pace="very slow">very slow</button></span>
    <label class="local-rate">Learning rate <input inputmode="decimal" autocomplete="off"></label>
  </span>
  <span class="local-over">
    <button type="button" data-local="download">Save the model</button>
    <button type="button" data-local="send">Send it to the server</button>
  </span>
  <p class="local-fault" role="alert"></p>`;
/** @type {Record<string, string>} */
const STANDINGS = { running: "training in this browser", measuring: "being measured" };
const OFTEN = { side_error: "side error", orbit_spread_inside: "orbit spread inside the cube" };

export class LocalBar {
  /** @param {Film} film */
  constructor(film) {
    this.film = film;
    this.place = part(film.root, ".local", HTMLElement);
    this.place.innerHTML = BAR;
    const { signal } = film;
    this.fault = part(this.place, ".local-fault", HTMLElement);
    this.rate = part(this.place, ".local-rate input", HTMLInputElement);
    this.pace = new RadioGroup(part(this.place, ".segments", HTMLElement), "pace", (pace) => this.run?.steer({ pace }), signal);
    this.rate.addEventListener("change", () => this.takeRate(), { signal });
    this.rate.addEventListener("keydown", (event) => event.stopPropagation(), { signal });
    for (const button of parts(this.place, "[data-local]")) {
      button.addEventListener("click", () => this.act(String(button.dataset.local)), { signal });
    }
  }

  /** @returns {LocalRun | null} */
  get run() {
    return this.film.local;
  }

  /** @param {string} what */
  act(what) {
    const { run } = this;
    if (!run) return;
    if (what === "pause") run.steer({ paused: !run.control.paused, steps: 0 });
    if (what === "step") run.steer({ paused: true, steps: 1 });
    if (what === "stop") run.steer({ stopped: true });
    if (what === "download") this.download(run);
    if (what === "send") this.send(run);
  }

  takeRate() {
    const rate = numberFrom(this.rate.value);
    const { bounds } = /** @type {import("./film.js").LocalData} */ (this.film.data.local);
    const fault = faultOf("lr", rate, bounds, this.rate.value);
    setText(this.fault, fault);
    if (!fault) this.run?.steer({ rate });
  }

  /** @param {LocalRun} run */
  download({ facts }) {
    if (facts.file) offer(new Blob([facts.file], { type: "application/octet-stream" }), `${facts.name}.safetensors`);
  }

  /** The model, its film and its history; the server checks them as it does any upload. @param {LocalRun} run */
  send({ facts, frames, records }) {
    if (!facts.file) return;
    const course = { frames: joined(frames), count: frames.length, records };
    this.film.send("sent", sentRun(facts, facts.file, course));
  }

  /** Where the run stands. */
  show() {
    const { film, place, run } = this;
    place.hidden = !run;
    if (!run) return;
    const { facts } = run;
    const find = (/** @type {string} */ selector) => part(place, selector, HTMLElement);
    setText(find(".local-name"), `${facts.name}, ${STANDINGS[facts.status] ?? facts.status}`);
    find(".local-running").hidden = !run.unfinished;
    find(".local-over").hidden = run.unfinished || !facts.file;
    find("[data-local=send]").hidden = Boolean(film.data.local?.alone) || Boolean(facts.sent);
    setText(find("[data-local=pause]"), run.control.paused ? "Resume" : "Pause");
    this.pace.show(run.control.pace ?? "full");
    if (film.root.querySelector(":focus") !== this.rate) this.rate.value = String(Number(run.rate.toPrecision(6)));
  }
}

/** Where a run stands, in words. @param {LocalRun} run @returns {string} */
export function standingInWords({ facts, left, note, plain, share }) {
  const words = [];
  const { metrics, status } = facts;
  if (status === "measuring") words.push("It is measured on 20,000 fresh triangles.");
  else if (status === "running" || status === "paused") {
    if (left !== null) words.push(`${Math.round(100 * share)}% done, ${Math.ceil(left)} s left at full speed.`);
    words.push(`Trains here, in this browser: ${Math.round(facts.pace)} steps a second.`);
  } else {
    words.push(`${epochs(facts.epochs)} epochs in ${facts.seconds.toFixed(0)} s in this browser, ${Math.round(facts.pace)} steps a second.`);
    const found = Object.entries(OFTEN).filter(([name]) => name in metrics);
    if (found.length) words.push(`On 20,000 fresh triangles: ${found.map(([name, text]) => `${text} ${significant(metrics[name])}`).join(", ")}.`);
  }
  if (plain && facts.status === "running") words.push("Its WebAssembly has no vectors: plain JavaScript takes ten times as long.");
  return [...words, facts.message, note].filter(Boolean).join(" ");
}
