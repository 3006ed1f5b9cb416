/**
 * Starts a training on a page without a server: the few settings that a first run wants, refused in the
 * words of the server's form.
 *
 * @typedef {import("./film.js").Film} Film
 * @typedef {import("./worker/sets.js").DataConfig} DataConfig
 */
import { faultOf } from "./checks.js";
import { numberFrom } from "../../kit/web/numbers.js";
import { part, setText } from "../../kit/web/dom.js";

/** The names of bounds, and what is asked for. @type {[string, string][]} */
const ASKED_NUMBERS = [["seconds", "Seconds"], ["The latent size h", "Latent h"], ["lr", "Learning rate"], ["seed", "Seed"]];
const LOSSES = { sides: "sides", mse: "coordinates", perimeter: "the perimeter" };
const MOST_SEED = Number.MAX_SAFE_INTEGER;

/** @param {[string, string][]} options values and texts */
function choice(options) {
  const select = document.createElement("select");
  select.append(...options.map(([value, text]) => new Option(text, value)));
  return select;
}

/** @param {string} text @param {HTMLElement} field */
function labelled(text, field) {
  const label = document.createElement("label");
  label.append(text, " ", field);
  return label;
}

export class LocalForm {
  /** @param {Film} film */
  constructor(film) {
    this.film = film;
    this.place = part(film.root, ".local-form", HTMLElement);
    this.made = false;
  }

  get local() {
    return /** @type {import("./film.js").LocalData} */ (this.film.data.local);
  }

  /** Once the page's data are here. */
  show() {
    const { film, place } = this;
    place.hidden = !film.data.local?.alone;
    if (place.hidden || this.made) return;
    this.made = true;
    const { base, sets } = this.local;
    const train = document.createElement("button");
    train.type = "submit";
    train.textContent = "▶ Train";
    this.loss = choice(Object.entries(LOSSES));
    this.set = choice(Object.keys(sets).map((title) => [title, title]));
    const latent = /** @type {{latent: number}} */ (/** @type {unknown} */ (base.network)).latent;
    const start = [base.seconds, latent, base.lr, base.seed];
    this.fields = ASKED_NUMBERS.map((_, i) => Object.assign(document.createElement("input"), {
      value: String(start[i]), inputMode: "decimal", autocomplete: "off",
    }));
    const [seconds, h, rate, seed] = this.fields.map((field, i) => labelled(ASKED_NUMBERS[i][1], field));
    place.replaceChildren(train, labelled("Loss on", this.loss), labelled("Triangles", this.set), h, seconds, rate, seed, this.fault);
    place.addEventListener("submit", (event) => {
      event.preventDefault();
      this.train();
    }, { signal: film.signal });
    place.addEventListener("keydown", (event) => event.stopPropagation(), { signal: film.signal });
  }

  /** Where a refusal stands. */
  fault = Object.assign(document.createElement("p"), { className: "local-fault", role: "alert" });

  train() {
    const { film, local } = this;
    const fields = this.fields ?? [];
    const values = fields.map((field) => numberFrom(field.value));
    const bounds = { ...local.bounds, seed: { ...local.bounds.seed, high: MOST_SEED } };
    const faults = ASKED_NUMBERS.map(([name], i) => faultOf(name, values[i], bounds, fields[i].value));
    const fault = faults.find((each) => each) ?? "";
    setText(this.fault, fault);
    if (fault) return;
    const [seconds, latent, lr, seed] = values;
    const loss = String(this.loss?.value);
    const { base } = local;
    const network = /** @type {import("./worker/network.js").NetworkConfig} */ ({ ...base.network, latent });
    const config = { ...base, loss, seconds, lr, seed, network, data: local.sets[String(this.set?.value)] };
    const id = `here-${crypto.randomUUID?.().slice(0, 8) ?? Date.now().toString(16).slice(-8)}`;
    film.train({ id, name: `${loss}-h${latent}`, config });
  }
}
