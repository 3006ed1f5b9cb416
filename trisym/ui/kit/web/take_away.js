/**
 * Takes a live view away as the visitor sees it now: as a web page that needs no server, made from
 * the template that trisym/ui/kit/saved_page.py serves, a notebook, a video, a frame in other pages.
 *
 * @typedef {{page: string, title: string}} About what a page says of itself, as far as needed here
 * @typedef {{template: string, hole: string, notebook: string, about: About, carried: string[],
 *   instead: Record<string, string[]>}} Offer what Python offers; all but `about` are addresses
 * @typedef {{root: HTMLElement, data: {takeAway?: Offer | null}, signal: AbortSignal,
 *   theme: import("./theme.js").Theme,
 *   taken(): Record<string, unknown>, carried(): unknown[] | null,
 *   sceneNow(): Record<string, unknown>, picture(): Promise<Blob>}} TakenView
 */
import { offer } from "./downloads.js";
import { part, parts, setText } from "./dom.js";
import { recorded, videoKind } from "./recorder.js";
import { withScene } from "./notebook.js";

const GONE = "The server does not have this page's parts any more: reload the page and try again.";
const NOTEBOOK = "application/x-ipynb+json";
const VIDEO_SECONDS = 10;
const LEAST_HEIGHT = 640; // of a frame, in CSS pixels: less cuts a view's controls off
const FRAME_SPACE = 24; // around the view
const BUTTON = `<button type="button" popovertarget="take-away"
  title="Save this view as a web page, or embed it">Take away</button>`;
const DIALOG = `
  <div id="take-away" class="help take-away" popover role="dialog" aria-label="Take this view away">
    <h2>Take this view away</h2>
    <p>One file with the scene as it is now. It works offline, by hand, in any browser: in slides, on a
      course’s page, beside a paper.</p>
    <p><button type="button" data-take="page">Save as a web page</button>
      <button type="button" data-take="notebook" title="A notebook that computes these numbers with trisym">Open in Jupyter</button>
      <button type="button" data-take="picture" title="A PNG at print size">Picture</button>
      <button type="button" data-take="video" title="What moves in the next ten seconds, as a video">Film 10 seconds</button></p>
    <p class="said" role="status"></p>
    <h2>Embed</h2>
    <p><label>The saved file, beside your page<textarea class="of-file" rows="3" readonly></textarea></label>
      <button type="button" data-copy="of-file">Copy</button></p>
    <p><label>This page, from this server<textarea class="of-app" rows="3" readonly></textarea></label>
      <button type="button" data-copy="of-app">Copy</button></p>
    <button type="button" popovertarget="take-away" popovertargetaction="hide">Close</button>
  </div>`;

/** A template with what it shows, as `SavedPage.filled` makes it.
 * @param {string} template @param {string} hole @param {unknown} shown @returns {string} */
export function filledPage(template, hole, shown) {
  const json = JSON.stringify(shown).replaceAll("<", "\\u003c");
  return template.replace(hole, () => json);
}

/** A frame around a page. @param {string} address @param {string} title @param {number} height */
export function frameOf(address, title, height) {
  const quoted = (/** @type {string} */ text) => text.replaceAll("&", "&amp;").replaceAll('"', "&quot;");
  return `<iframe src="${quoted(address)}" title="${quoted(title)}" width="100%" height="${height}" `
    + 'style="border: 0" allow="fullscreen"></iframe>';
}

/** @param {string} address @returns {Promise<string>} */
async function textAt(address) {
  const answer = await fetch(new URL(address, document.baseURI));
  if (!answer.ok) throw new Error(`${address}: ${answer.status}`);
  return answer.text();
}

/** @param {string[]} addresses @returns {Promise<unknown[]>} */
async function valuesAt(addresses) {
  return (await Promise.all(addresses.map(textAt))).map((text) => JSON.parse(text));
}

export class TakeAway {
  /** @param {TakenView} view */
  constructor(view) {
    this.view = view;
    const { root, signal } = view;
    this.place = root.querySelector(".takes");
    if (!(this.place instanceof HTMLElement)) return;
    this.place.hidden = true;
    this.place.innerHTML = BUTTON;
    // Not beside its button: a view's own rules for what is in that row would hold for it, too.
    root.querySelector(".take-away")?.remove();
    part(root, ".frame", HTMLElement).insertAdjacentHTML("beforeend", DIALOG);
    const dialog = part(root, ".take-away", HTMLElement);
    part(dialog, "[data-take=video]", HTMLElement).hidden = !videoKind();
    for (const button of parts(dialog, "[data-take]")) {
      button.addEventListener("click", () => void this.save(String(button.dataset.take)), { signal });
    }
    dialog.addEventListener("beforetoggle", () => this.write(), { signal });
    for (const button of parts(dialog, "[data-copy]")) {
      button.addEventListener("click", () => void this.copy(String(button.dataset.copy)), { signal });
    }
  }

  get offer() {
    return this.view.data.takeAway ?? null;
  }

  /** Python offers it, or not. */
  show() {
    if (this.place instanceof HTMLElement) this.place.hidden = !this.offer;
  }

  /** @param {string} sentence */
  say(sentence) {
    setText(part(this.view.root, ".take-away .said", HTMLElement), sentence);
  }

  /** The address of this view's page in the app, and what its files are called. */
  get name() {
    return `trisym-${this.offer?.about.page.split("?")[0] ?? "view"}`;
  }

  /** The view as one page of HTML. @returns {Promise<string>} */
  async page() {
    const { offer: offered, view } = this;
    if (!offered) throw new Error("Nothing is offered.");
    const data = view.taken(); // at once: what comes next takes a moment
    const known = view.carried();
    const names = Object.keys(offered.instead);
    const [template, carried, ...thinner] = await Promise.all([
      textAt(offered.template), known ?? valuesAt(offered.carried),
      ...names.map((name) => valuesAt(offered.instead[name])),
    ]);
    const instead = Object.fromEntries(names.map((name, i) => [name, thinner[i]]));
    return filledPage(template, offered.hole, { view: { ...data, ...instead }, carried, about: offered.about });
  }

  /** What one sees, in numbers. @returns {Promise<string>} */
  async notebook() {
    const scene = this.view.sceneNow();
    const waiting = JSON.parse(await textAt(this.offer?.notebook ?? ""));
    return JSON.stringify(withScene(waiting, scene), null, 1);
  }

  /** What moves in the view meanwhile, its picture free to be touched. */
  async video() {
    const { root, signal } = this.view;
    part(root, ".take-away", HTMLElement).hidePopover();
    const button = part(root, ".takes > button", HTMLButtonElement);
    const name = button.textContent;
    button.disabled = true;
    button.textContent = `● ${VIDEO_SECONDS} s`;
    try {
      const board = part(root, ".board", HTMLElement);
      const video = await recorded(board, () => this.view.theme, VIDEO_SECONDS, signal);
      offer(video, `${this.name}.${video.type.includes("mp4") ? "mp4" : "webm"}`);
    } finally {
      button.disabled = false;
      button.textContent = name;
    }
  }

  /** @param {string} what `page`, `notebook`, `picture` or `video` */
  async save(what) {
    const { name, view } = this;
    this.say("");
    try {
      if (what === "page") offer(new Blob([await this.page()], { type: "text/html" }), `${name}.html`);
      if (what === "notebook") offer(new Blob([await this.notebook()], { type: NOTEBOOK }), `${name}.ipynb`);
      if (what === "picture") offer(await view.picture(), `${name}.png`);
      if (what === "video") await this.video();
    } catch (error) {
      console.warn(error);
      this.say(GONE);
    }
  }

  /** The snippets, at the size that the view has now. */
  write() {
    const { root } = this.view;
    const title = this.offer?.about.title ?? "";
    const { top, bottom } = root.getBoundingClientRect();
    const start = document.querySelector("h1")?.getBoundingClientRect().top ?? top;
    const height = (/** @type {number} */ size) => Math.max(LEAST_HEIGHT, Math.ceil(size) + FRAME_SPACE);
    const here = new URL(location.href);
    here.searchParams.set("embed", "true");
    const write = (/** @type {string} */ name, /** @type {string} */ text) => {
      part(root, `.take-away .${name}`, HTMLTextAreaElement).value = text;
    };
    write("of-file", frameOf(`${this.name}.html`, title, height(bottom - top)));
    write("of-app", frameOf(here.href, title, height(bottom - start + 2 * FRAME_SPACE)));
  }

  /** @param {string} name of the text field; where copying is not allowed, the text is selected */
  async copy(name) {
    const field = part(this.view.root, `.take-away .${name}`, HTMLTextAreaElement);
    field.select();
    try {
      await navigator.clipboard.writeText(field.value);
      this.say("Copied.");
    } catch {
      this.say("Selected: copy it with Ctrl or ⌘ and C.");
    }
  }
}
