/** Fetches a live view's module and the large parts of its data: files that the browser keeps. */

const MOST_KEPT = 24; // files of this visit, parsed; the browser's own cache has them all
const FAILED = "This view could not be fetched from the server. Reload the page to try again.";

/** @returns {Map<string, any>} what has arrived, by address */
function arrivals() {
  const place = /** @type {any} */ (globalThis);
  return (place.__trisymFiles ??= new Map());
}

/** @param {string} address */
const absolute = (address) => new URL(address, document.baseURI).href;

/** @param {string} address */
async function fetched(address) {
  if (address.startsWith(HERE)) {
    arrivals().set(address, await modelHere(address.slice(HERE.length)));
    return;
  }
  const answer = await fetch(absolute(address));
  if (!answer.ok) throw new Error(`${address}: ${answer.status}`);
  const files = arrivals();
  files.set(address, await answer.json());
  for (const oldest of files.keys()) {
    if (files.size <= MOST_KEPT) break;
    files.delete(oldest);
  }
}

/** A model that was trained in this browser, from its database (kit/web/local_store.js).
 * @param {string} id @returns {Promise<any>} */
function modelHere(id) {
  return new Promise((done, failed) => {
    const request = indexedDB.open("trisym");
    request.onerror = () => failed(request.error);
    request.onsuccess = () => {
      const runs = request.result.transaction("runs").objectStore("runs").get(id);
      runs.onsuccess = () => (runs.result?.model ? done(runs.result.model) : failed(new Error(`no model ${id}`)));
      runs.onerror = () => failed(runs.error);
      request.result.close();
    };
  });
}

/** What stands for a model of this browser among the addresses. */
const HERE = "here:";

/** @param {any} value @returns {string[]} the addresses in it that have not arrived */
function missing(value) {
  if (value === null || typeof value !== "object") return [];
  if (typeof value.$here === "string") return arrivals().has(HERE + value.$here) ? [] : [HERE + value.$here];
  if (typeof value.$file === "string") return arrivals().has(value.$file) ? [] : [value.$file];
  return Object.values(value).flatMap(missing);
}

/** @param {any} value @returns {any} the value with files in place of their addresses */
function filled(value) {
  if (value === null || typeof value !== "object") return value;
  if (typeof value.$here === "string") return arrivals().get(HERE + value.$here);
  if (typeof value.$file === "string") return arrivals().get(value.$file);
  if (Array.isArray(value)) return value.map(filled);
  return Object.fromEntries(Object.entries(value).map(([name, part]) => [name, filled(part)]));
}

/** @param {string} sentence @returns {HTMLElement} read out as it appears */
function alert(sentence) {
  const place = document.createElement("p");
  place.setAttribute("role", "alert");
  place.textContent = sentence;
  return place;
}

/**
 * The default export of a live view whose module lies at an address. Calls reach the view in their
 * order; of those that wait, only the last does.
 *
 * @param {string} address
 * @returns {(component: any) => () => void}
 */
export function arriving(address) {
  /** @type {((component: any) => (() => void) | void) | null} */
  let mount = null;
  const module = import(absolute(address));
  /** @type {WeakMap<object, {component: any}>} */
  const latest = new WeakMap();

  return (component) => {
    const call = { component };
    latest.set(component.parentElement, call);
    /** @type {(() => void) | void} */
    let end;
    let over = false;
    const show = () => {
      if (mount) end = mount({ ...component, data: filled(component.data) });
    };
    const arrive = async () => {
      mount ??= (await module).default;
      await Promise.all(missing(component.data).map(fetched));
      if (!over && latest.get(component.parentElement) === call) show();
    };
    if (mount && !missing(component.data).length) show();
    else
      arrive().catch((error) => {
        console.error(error);
        if (!over) component.parentElement.append(alert(FAILED));
      });
    return () => {
      over = true;
      if (end) end();
    };
  };
}
