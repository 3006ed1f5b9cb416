/** The runs that were trained in this browser: to be watched, compared, dropped. Nothing where none was. */
import { LiveView, mount } from "../../kit/web/live_view.js";
import { compare, compared } from "./compared.js";
import { dropRun, keptRuns } from "../../kit/web/local_store.js";
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
    this.look = setInterval(() => void this.refresh(), AGAIN_MS);
  }

  received() {
    void this.refresh();
  }

  async refresh() {
    if (this.holds()) return;
    try {
      const runs = await keptRuns();
      this.root.hidden = !runs.length;
      if (this.holds()) return;
      part(this.root, "tbody", HTMLElement).replaceChildren(...runs.map((run) => this.row(run)));
    } catch (error) {
      console.warn(error);
      this.root.hidden = true; // a browser that keeps nothing has no runs
    }
  }

  /** Whether a key or a hand is in the table: what it holds must not go away. */
  holds() {
    return this.root.querySelector(":focus") !== null;
  }

  /** @param {import("../../kit/web/local_store.js").LocalFacts} kept */
  row(kept) {
    const facts = runningHere(kept.id)?.facts ?? kept;
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
    box.setAttribute("aria-label", `Compare ${name}: its side error as a thin line in the film above`);
    box.addEventListener("change", () => {
      void compare(id, box.checked);
      box.blur();
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

/** @param {...HTMLElement} parts */
function cell(...parts) {
  const place = document.createElement("td");
  place.append(...parts);
  return place;
}

export default mount(".local-list", LocalList);
