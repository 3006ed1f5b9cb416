/**
 * Charts as files for print: an SVG, and a PNG of 300 pixels an inch. Vega is the one that Streamlit
 * shows its charts with, Plotly the Python package's; both come when there is something to draw.
 *
 * @typedef {{name: string, kind: string, spec: any}} Chart
 * @typedef {{svg: string, png: Blob}} Print
 */

const RATIO = 300 / 96; // a pixel of the screen is a 96th of an inch
const HEIGHT = 400; // of a Plotly figure that says nothing of it
const VEGA = "vega";

export class Press {
  /** @param {{vega: string, plotly: string, width: number}} places addresses, and how wide a figure is */
  constructor({ vega, plotly, width }) {
    this.places = { vega, plotly };
    this.width = width;
    /** @type {Promise<any> | undefined} */
    this.embedding = undefined;
    /** @type {Promise<any> | undefined} */
    this.plotting = undefined;
  }

  /** @param {Chart} chart @returns {Promise<Print>} */
  print({ kind, spec }) {
    return kind === VEGA ? this.vega(spec) : this.plotly(spec);
  }

  /** @param {any} spec @returns {Promise<Print>} */
  async vega(spec) {
    this.embedding ??= embedder(this.places.vega);
    const embed = await this.embedding;
    const place = document.createElement("div");
    const { view, finalize } = await embed(place, spec, { actions: false, renderer: "svg", tooltip: false });
    try {
      const svg = await view.toSVG();
      return { svg, png: await pngOf(await view.toCanvas(RATIO)) };
    } finally {
      finalize();
    }
  }

  /** @param {any} figure @returns {Promise<Print>} */
  async plotly(figure) {
    this.plotting ??= plotlyAt(this.places.plotly);
    const plotly = await this.plotting;
    const layout = { ...figure.layout, width: this.width, height: figure.layout.height ?? HEIGHT };
    const { width, height } = layout;
    const image = (/** @type {string} */ format, /** @type {number} */ scale) =>
      plotly.toImage({ data: figure.data, layout }, { format, width, height, scale });
    const svg = decodeURIComponent((await image("svg", 1)).replace(/^data:image\/svg\+xml,/, ""));
    return { svg, png: await (await fetch(await image("png", RATIO))).blob() };
  }
}

/** @param {HTMLCanvasElement} canvas @returns {Promise<Blob>} */
function pngOf(canvas) {
  return new Promise((resolve, reject) => {
    canvas.toBlob((blob) => (blob ? resolve(blob) : reject(new Error("The picture is too large."))));
  });
}

/** vega-embed's one function; its module names nothing. @param {string} address
 * @returns {Promise<any>} */
async function embedder(address) {
  const module = await import(new URL(address, document.baseURI).href);
  const found = Object.values(module).find((each) => each?.constructor?.name === "AsyncFunction");
  if (!found) throw new Error("There is nothing in it that draws a chart.");
  return found;
}

/** @param {string} address @returns {Promise<any>} */
function plotlyAt(address) {
  return new Promise((resolve, reject) => {
    const script = document.createElement("script");
    script.src = new URL(address, document.baseURI).href;
    script.onload = () => resolve(/** @type {any} */ (globalThis).Plotly);
    script.onerror = () => reject(new Error("Plotly did not come."));
    document.head.append(script);
  });
}
