/**
 * Makes one zip of all of a page: what Python gathered (trisym/ui/kit/whole_page/parcel.py), the
 * charts drawn for print, and the live views as they are now.
 *
 * @typedef {{name: string, files: Record<string, string>, charts: import("./prints.js").Chart[],
 *   width: number, vega: string, plotly: string}} Parcel
 * @typedef {import("../../web/live_view.js").LiveView<any>} View
 */
import { Press } from "./prints.js";
import { offer } from "../../web/downloads.js";
import { part, setText } from "../../web/dom.js";
import { store } from "../../web/store.js";
import { zipped } from "./zip.js";

const README = "README.txt";
const MB = 1e6;

/** @type {Set<string>} what was made already: Streamlit calls again at each change of theme */
const made = new Set();

/** The live views of the page that can be taken away. @returns {View[]} */
function viewsHere() {
  return /** @type {View[]} */ ([...store().views]).filter((view) => view.takeAway.offer);
}

/** What is to be made, each file by itself. @param {Parcel} parcel
 * @returns {[string, () => Promise<[string, string | Blob][]>][]} */
function jobsOf(parcel) {
  const press = new Press(parcel);
  const views = viewsHere();
  /** @type {[string, () => Promise<[string, string | Blob][]>][]} */
  const ofViews = views.flatMap((view, i) => {
    const name = views.length > 1 ? `view-${i + 1}` : "view";
    /** @type {[string, () => Promise<string | Blob>][]} */
    const files = [
      [`${name}.html`, () => view.takeAway.page()],
      [`${name}.ipynb`, () => view.takeAway.notebook()],
      [`${name}.png`, () => view.picture()],
    ];
    return files.map(([file, make]) => [file, async () => [[file, await make()]]]);
  });
  return [
    ...ofViews,
    ...parcel.charts.map((chart) => /** @type {[string, () => Promise<[string, string | Blob][]>]} */ ([
      `charts/${chart.name}`,
      async () => {
        const { svg, png } = await press.print(chart);
        return [[`charts/${chart.name}.svg`, svg], [`charts/${chart.name}.png`, png]];
      },
    ])),
  ];
}

/** @param {Parcel} parcel @param {(sentence: string) => void} say @returns {Promise<Blob>} */
async function zipOf(parcel, say) {
  /** @type {Map<string, string | Blob>} */
  const files = new Map(Object.entries(parcel.files));
  const jobs = jobsOf(parcel);
  let missing = "";
  for (const [i, [name, make]] of jobs.entries()) {
    say(`Drawing ${i + 1} of ${jobs.length} …`);
    try {
      for (const [file, content] of await make()) files.set(file, content);
    } catch (error) {
      console.warn(name, error);
      missing += `\n${name} is missing: this browser could not make it.`;
    }
  }
  if (missing) files.set(README, `${parcel.files[README]}${missing}\n`);
  return zipped(files);
}

/** @param {HTMLElement} place @param {Parcel} parcel */
async function takeAway(place, parcel) {
  const said = part(place, ".said", HTMLElement);
  try {
    const zip = await zipOf(parcel, (sentence) => setText(said, sentence));
    const file = `${parcel.name}.zip`;
    offer(zip, file);
    const again = document.createElement("a");
    Object.assign(again, { href: URL.createObjectURL(zip), download: file, textContent: file });
    said.replaceChildren("Made: ", again, `, ${(zip.size / MB).toFixed(1)} MB.`);
  } catch (error) {
    console.warn(error);
    setText(said, "The zip could not be made: reload the page and try again.");
  }
}

/** @param {{data: {id: string, file: Parcel}, parentElement: HTMLElement | ShadowRoot}} component */
export default function takeAllAway({ data, parentElement }) {
  if (made.has(data.id)) return;
  made.add(data.id);
  void takeAway(part(parentElement, ".whole-page", HTMLElement), data.file);
}
