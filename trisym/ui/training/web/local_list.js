/** The runs that were trained in this browser: to be watched, compared, dropped. Nothing where none was.
 *
 * @typedef {import("../../kit/web/local_store.js").LocalFacts} LocalFacts
 */
import { LiveView, mount } from "../../kit/web/live_view.js";
import { compare, compared } from "./compared.js";
import { dropRun, keptCourse, keptRuns } from "../../kit/web/local_store.js";
import { epochs, significant } from "../../kit/web/numbers.js";
import { part } from "../../kit/web/dom.js";
import { runningHere } from "./local_run.js";

const AGAIN_MS = 2000; // between two looks at runs that go on

/** @extends {LiveView<import("../../kit/web/live_view.js").ViewData>} */
class LocalList extends LiveView {
  /** @param {HTMLElement} root @param {import("../../kit/web/live_view.js").Component<any>} component */
  constructor(root, component) {
    super(root, component);
    this.sure = ""; // the run that a second press drops
    this.told = "[]"; // which runs the server compares, and how they stand
    this.look = setInterval(() => void this.refresh(), AGAIN_MS);
  }

  received() {
    void this.refresh();
  }

  async refresh() {
    if (this.holds()) return;
    try {
      const runs = (await keptRuns()).map((kept) => runningHere(kept.id)?.facts ?? kept);
      this.root.hidden = !runs.length;
      if (this.holds()) return;
      part(this.root, "tbody", HTMLElement).replaceChildren(...runs.map((run) => this.row(run)));
      await this.tellCompared(runs.filter(({ id }) => compared().has(id)));
    } catch (error) {
      console.warn(error);
      this.root.hidden = true; // a browser that keeps nothing has no runs
    }
  }

  /** Whether a key or a hand is in the table: what it holds must not go away. */
  holds() {
    return this.root.querySelector(":focus") !== null;
  }

  /** The page compares them with the server's. @param {LocalFacts[]} runs */
  async tellCompared(runs) {
    const told = JSON.stringify(runs.map(({ id, status }) => [id, status]));
    if (told === this.told) return;
    this.told = told;
    this.send("compared", await Promise.all(runs.map(forComparison)));
  }

  /** @param {LocalFacts} facts */
  row(facts) {
    const { config, metrics } = facts;
    const number = (/** @type {number | undefined} */ value) => (value === undefined ? "–" : significant(value));
    const latent = config.network.kind === "autoencoder" ? String(config.network.latent) : "–";
    const row = document.createElement("tr");
    const texts = [
      facts.name, facts.status, number(metrics.side_error), number(metrics.orbit_spread_inside), config.data.name,
      config.loss, latent, epochs(facts.epochs), facts.seconds.toFixed(0),
    ];
    row.append(...texts.map((text) => Object.assign(document.createElement("td"), { textContent: text })));
    row.append(cell(this.check(facts.id, facts.name)), cell(
      this.button("Watch", () => this.send("watch", facts.id)), this.button("Delete", (button) => this.drop(facts.id, button)),
    ));
    return row;
  }

  /** @param {string} id @param {string} name */
  check(id, name) {
    const box = Object.assign(document.createElement("input"), { type: "checkbox", checked: compared().has(id) });
    box.setAttribute("aria-label", `Compare ${name}: a thin line in the film above, and beside the server's runs below`);
    box.addEventListener("change", () => {
      box.blur();
      void compare(id, box.checked).then(() => this.refresh());
    });
    return box;
  }

  /** @param {string} text @param {(button: HTMLButtonElement) => void} act */
  button(text, act) {
    const button = Object.assign(document.createElement("button"), { type: "button", textContent: text });
    button.addEventListener("click", () => act(button));
    return button;
  }

  /** Asks once. @param {string} id @param {HTMLButtonElement} button */
  drop(id, button) {
    if (this.sure !== id) {
      this.sure = id;
      button.textContent = "Delete for good?";
      return;
    }
    this.sure = "";
    button.blur();
    runningHere(id)?.forget();
    void compare(id, false);
    void dropRun(id).then(() => {
      this.send("dropped", id);
      return this.refresh();
    });
  }

  dispose() {
    clearInterval(this.look);
    super.dispose();
  }
}

/** A run as the server compares it: its facts, and epochs, seconds and side error of its records.
 * @param {LocalFacts} facts */
async function forComparison({ id, name, status, created, config, epochs, steps, seconds, metrics, changes }) {
  const records = runningHere(id)?.records ?? (await keptCourse(id))?.records ?? [];
  const curve = records.filter(({ side_error: error }) => error !== null)
    .map(({ epoch, seconds: after, side_error: error }) => [epoch, after, error]);
  const device = "this browser";
  return { entry: { id, name, status, created, config, device, epochs, steps, seconds, metrics, changes }, curve };
}

/** @param {...HTMLElement} parts */
function cell(...parts) {
  const place = document.createElement("td");
  place.append(...parts);
  return place;
}

export default mount(".local-list", LocalList);
