/**
 * Stands in for Streamlit on a saved page (trisym/ui/kit/saved_page.py): gives the view its root and
 * its data, mounts it anew when light becomes dark, and says what it shows. Nothing is sent anywhere.
 *
 * @typedef {(component: {data: unknown, parentElement: ShadowRoot,
 *   setStateValue: () => void, setTriggerValue: () => void}) => void} Entry
 * @typedef {{page: string, title: string, shows: string, version: string, cite: string[],
 *   models: {title: string, card: Record<string, string>}[]}} About
 */

/** @type {{view: unknown, carried: unknown[], about: About}} */
const shown = JSON.parse(/** @type {HTMLElement} */ (document.getElementById("shown")).textContent ?? "");

/** The view's root; a browser that knows no declarative one gets it here. @returns {ShadowRoot} */
function rootOfView() {
  const place = /** @type {HTMLElement} */ (document.getElementById("view"));
  if (place.shadowRoot) return place.shadowRoot;
  const root = place.attachShadow({ mode: "open" });
  root.append(/** @type {HTMLTemplateElement} */ (place.firstElementChild).content);
  return root;
}

/** @param {string} name @param {string} text */
function line(name, text) {
  const element = document.createElement(name);
  element.textContent = text;
  return element;
}

/** @param {About} about */
function caption({ title, shows, models, cite, version }) {
  const find = (/** @type {string} */ selector) => /** @type {HTMLElement} */ (document.querySelector(selector));
  document.title = title;
  find("h1").textContent = title;
  find("#shows").textContent = shows;
  find("#models").replaceChildren(...models.map((model) => {
    const details = document.createElement("details");
    const card = document.createElement("dl");
    card.append(...Object.entries(model.card).flatMap(([name, text]) => [line("dt", name), line("dd", text)]));
    details.append(line("summary", model.title), card);
    return details;
  }));
  find("#cite").textContent = `Made with trisym ${version}. Cite: ${cite.join(" ")}`;
}

const root = rootOfView();
const nowhere = () => {};

/** @param {Entry} entry @param {unknown} data */
function mounted(entry, data) {
  entry({ data, parentElement: root, setStateValue: nowhere, setTriggerValue: nowhere });
}

caption(shown.about);
Object.assign(globalThis, {
  trisymPage: {
    carry: (/** @type {number} */ number, /** @type {Entry} */ entry) => mounted(entry, shown.carried[number]),
    show(/** @type {Entry} */ entry) {
      const show = () => mounted(entry, shown.view);
      show();
      matchMedia("(prefers-color-scheme: dark)").addEventListener("change", show);
    },
  },
});
