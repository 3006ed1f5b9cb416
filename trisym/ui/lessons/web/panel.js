/**
 * The lesson's panel: text, question, goal, and where one is; answers and goals are judged here, in the
 * browser, and kept in its storage. Python hears of an answer, and of another step.
 *
 * @typedef {import("./progress.js").Answer} Answer
 * @typedef {{kind: "choice" | "number" | "point", asked: string, unit: string, truth: string,
 *   options: {id: string, text: string}[], low: number, high: number,
 *   accepted: import("./judged.js").Accepted, plane: import("./plane.js").Plane | null}} Question
 * @typedef {{lesson: string, title: string, step: number, steps: string[], gated: string[],
 *   language: string, languages: Record<string, string>, words: Record<string, string>,
 *   text: string, reveal: string, question: Question | null,
 *   goal: (import("./judged.js").Goal & {words: string}) | null,
 *   hide: string[], highlight: string[], show: string[], here: boolean, place: string,
 *   leads: boolean, opened: boolean | null, kept: string}} LessonStep
 *   kept: the name under which the browser keeps the progress, another one in each room;
 *   gated: ids of the steps with something to do; place: the title of the step's page; leads: the
 *   visitor goes on and back himself; opened: whether answers are shown, null where the visitor's
 *   own answer decides
 * @typedef {import("../../kit/web/live_view.js").ViewData & LessonStep} LessonData
 */
import { Crowd } from "./crowd.js";
import { HAPPENED, LiveView, mount } from "../../kit/web/live_view.js";
import { PlaneHand, PlaneView, STEP_OF_PLANE } from "./plane.js";
import { isReached, judge, typedNumber } from "./judged.js";
import { keepProgress, progressOf } from "./progress.js";
import { part, press, setAttribute, setText } from "../../kit/web/dom.js";
import { RadioGroup } from "../../kit/web/radios.js";
import { stage, store } from "../../kit/web/store.js";

const FOLDED = "trisym:lesson-folded";
const FRAME = 32;

/** @extends {LiveView<LessonData>} */
export class LessonPanel extends LiveView {
  /** @param {HTMLElement} root
   * @param {import("../../kit/web/live_view.js").Component<LessonData>} component */
  constructor(root, component) {
    super(root, component);
    this.find = (/** @type {string} */ selector) => part(root, selector, HTMLElement);
    this.input = part(root, ".amount input", HTMLInputElement);
    this.select = part(root, "select", HTMLSelectElement);
    this.plane = new PlaneView(part(root, ".plane canvas", HTMLCanvasElement));
    this.sent = 0;
    this.shown = ""; // the step whose question stands there
    this.uncovered = ""; // the step whose answers a presenter showed
    this.folded = false;
    this.staged = false; // whether what comes back with the answers is there
    this.crowd = new Crowd(this.find(".question"));
    this.looking = false; // another step: where one looks is to come into sight
    this.watch(this.plane.surface);
    this.hand(this.plane.surface.canvas, new PlaneHand((x, y) => this.guess(this.plane.pointAt(x, y))));
    this.radios = new RadioGroup(this.find(".choices"), "option", (id) => this.answer(id), this.signal);
    this.listenHere();
  }

  listenHere() {
    const { signal } = this;
    globalThis.addEventListener(HAPPENED, (event) => {
      if (event instanceof CustomEvent) this.heard(event.detail.amounts);
    }, { signal });
    part(this.root, "form", HTMLFormElement).addEventListener("submit", (event) => {
      event.preventDefault();
      this.submit();
    }, { signal });
    this.select.addEventListener("change", () => this.go(this.data.step, this.select.value), { signal });
    signal.addEventListener("abort", () => stage());
    this.acts({
      next: () => this.next(),
      back: () => this.go(this.data.step - 1),
      return: () => this.go(this.resumable ?? this.data.step),
      fold: () => this.fold(!this.folded),
      leave: () => this.send("go", { leave: true, sent: ++this.sent }),
    });
  }

  /** Amounts told since the step began, by event. */
  get told() {
    return this.keep(() => ({ amounts: /** @type {Record<string, number[]>} */ ({}) }), "told").amounts;
  }

  get id() {
    return this.data.steps[this.data.step - 1];
  }

  get progress() {
    return progressOf(this.data.kept);
  }

  get mine() {
    return this.progress.steps[this.id] ?? {};
  }

  /** @param {import("./progress.js").StepProgress} news of this step */
  remember(news) {
    const { progress, id, data } = this;
    const steps = { ...progress.steps, [id]: { ...progress.steps[id], ...news } };
    keepProgress(data.kept, { at: data.step, steps });
  }

  received() {
    const { data } = this;
    const key = `${data.lesson} ${data.step} ${data.language}`;
    this.resume = this.shown ? null : this.progress.at;
    if (this.shown !== key) this.ask();
    this.looking ||= Boolean(this.shown) && this.shown !== key && data.here;
    this.shown = key;
    this.folded = sessionStorageOf(FOLDED) === "yes";
    if (data.step > 1 || this.progress.at === 1) this.remember({});
    this.refresh();
  }

  /** Where somebody was who comes back by a link to the beginning; null for others. */
  get resumable() {
    const { data, resume } = this;
    return data.leads && data.step === 1 && resume && resume > 1 && resume <= data.steps.length ? resume : null;
  }

  /** What depends on an answer, a goal or the place. */
  refresh() {
    const { data } = this;
    this.staged = this.opened;
    stage(data.here ? {
      hide: data.hide.filter((place) => !(this.staged && data.show.includes(place))),
      highlight: data.highlight,
    } : undefined);
    this.refit();
  }

  /** Another step on the same page: what it points at, or else the view, is where one looks. */
  lookAtView() {
    const view = [...store().views].find(({ root }) => root.isConnected && root.querySelector("[data-place]"));
    const [name] = this.data.highlight;
    const place = name && view?.root.querySelector(`[data-place="${name}"]`);
    if (place instanceof HTMLElement) {
      // This panel lies over the foot of the page, in a frame of Streamlit's.
      place.style.scrollMarginBottom = `${innerHeight - this.root.getBoundingClientRect().top + FRAME}px`;
      place.scrollIntoView({ block: "nearest" });
    } else view?.root.scrollIntoView({ block: "start" });
  }

  // What happened

  /** @param {Record<string, number>} amounts */
  heard(amounts) {
    const { data: { goal, here }, told } = this;
    if (!goal || !here || !(goal.event in amounts)) return;
    (told[goal.event] ??= []).push(amounts[goal.event]);
    if (this.mine.done || !isReached(goal, told[goal.event])) return;
    this.remember({ done: true });
    this.refresh();
  }

  /** @param {Answer} given */
  answer(given) {
    if (!this.open || !this.data.question) return;
    this.remember({ given });
    this.send("given", { lesson: this.data.lesson, step: this.id, answer: given, sent: ++this.sent });
    this.refresh();
  }

  /** @param {[number, number]} point */
  guess(point) {
    if (!this.open) return;
    this.plane.guess = point;
    this.invalidate();
  }

  submit() {
    const { question, words } = this.data;
    if (question?.kind === "point" && this.plane.guess) this.answer(this.plane.guess);
    if (question?.kind !== "number") return;
    const number = typedNumber(this.input.value);
    const { low, high } = question;
    const sound = number >= low && number <= high;
    const [from, to] = [low, high].map((end) => (Math.abs(end) >= 1e9 ? "…" : String(end)));
    setText(this.find(".fault"), sound ? "" : filled(words.bad, { from, to }));
    if (sound) this.answer(number);
  }

  // Where one is

  get answered() {
    return !this.data.question || this.mine.given !== undefined;
  }

  /** Whether answers are shown: the visitor's own opens them, or whoever leads. */
  get opened() {
    return this.led ?? this.data.opened ?? this.answered;
  }

  /** Whether who leads shows the answers; null where nobody leads. */
  get led() {
    const { room } = store();
    if (room && !room.alone) return room.question === this.question && room.revealed;
    return this.uncovered === this.shown ? true : null;
  }

  get question() {
    return `${this.data.lesson}:${this.id}`;
  }

  /** Whether the visitor may answer. */
  get open() {
    return this.mine.given === undefined && this.led !== true;
  }

  guessed() {
    const { mine: { given }, question } = this;
    return this.data.question && given !== undefined ? { question, value: given } : null;
  }

  /** @param {string} what @returns {boolean} */
  lead(what) {
    const { step } = this.data;
    if (what === "next") this.next();
    else if (what === "back") this.go(step - 1);
    else if (what === "reveal") this.uncover();
    else if (what === "reset") this.begin([this.id]);
    else if (what === "class") this.begin(this.data.steps);
    else if (what === "follow") this.send("follow", { sent: ++this.sent });
    else if (Number(what) !== step) this.go(Number(what));
    return true;
  }

  /** Show the answers, and what there is to see, whatever has been done. */
  uncover() {
    this.uncovered = this.shown;
    this.refresh();
  }

  /** As if these steps had not been taken. @param {string[]} steps */
  begin(steps) {
    const { data, progress } = this;
    const rest = Object.entries(progress.steps).filter(([id]) => !steps.includes(id));
    keepProgress(data.kept, { at: data.step, steps: Object.fromEntries(rest) });
    for (const amounts of Object.values(this.told)) amounts.length = 0;
    this.uncovered = "";
    this.ask();
    this.refresh();
  }

  get done() {
    return this.answered && (!this.data.goal || Boolean(this.mine.done));
  }

  next() {
    const { step, steps } = this.data;
    if (step < steps.length) this.go(step + 1);
    else this.send("go", { list: true, sent: ++this.sent });
  }

  /** @param {number} step @param {string} [language] */
  go(step, language = this.data.language) {
    if (step < 1 || step > this.data.steps.length) return;
    this.send("go", { step, language, sent: ++this.sent });
  }

  /** @param {boolean} folded */
  fold(folded) {
    this.folded = folded;
    sessionStorageOf(FOLDED, folded ? "yes" : "no");
    this.refit();
  }

  // What is seen

  /** Put the question's own elements there. */
  ask() {
    const { data: { question, words }, find, input, plane } = this;
    find(".question").hidden = !question;
    setText(find(".fault"), "");
    input.value = "";
    Object.assign(plane, { plane: question?.plane ?? null, guess: null });
    if (!question) return;
    writeText(find(".asked"), question.asked);
    find(".choices").replaceChildren(...question.options.map(({ id, text }) => {
      const button = document.createElement("button");
      Object.assign(button, { type: "button", textContent: text });
      button.setAttribute("role", "radio");
      button.dataset.option = id;
      return button;
    }));
    find(".choices").hidden = question.kind !== "choice";
    find(".amount").hidden = question.kind !== "number";
    find(".plane").hidden = question.kind !== "point";
    setText(find(".amount .unit"), question.unit);
    setAttribute(plane.surface.canvas, "aria-label", words.place);
    setText(find(".keys"), words.place);
  }

  draw() {
    const { data, find } = this;
    const { words } = data;
    if (this.staged !== this.opened) this.refresh(); // who leads has shown the answers, or others
    this.root.dataset.folded = String(this.folded);
    setText(find(".title"), data.title);
    setText(find(".where"), filled(words.where, { n: data.step, of: data.steps.length }));
    this.writeDots();
    this.writeLanguages();
    writeText(find(".text"), data.text);
    this.writeElsewhere();
    this.writeGoal();
    this.writeQuestion();
    const revealed = (this.led ?? (this.opened && this.done)) && data.reveal !== "";
    const verdict = this.verdict();
    writeText(find(".reveal"), revealed ? `${verdict && `**${verdict}** `}${data.reveal}` : "");
    writeText(find(".verdict"), revealed ? "" : verdict);
    this.root.dataset.revealed = String(revealed);
    this.root.dataset.asks = data.question?.kind ?? "";
    this.writeButtons();
    this.plane.crowd = this.crowd.points(this.question);
    this.plane.draw(this.theme, this.led ?? (this.opened && this.answered),
      { here: words.here, lands: words.lands, guessed: words.guessed });
    this.root.dataset.done = String(this.done);
    this.root.dataset.ready = "true";
    // Once the panel has its height, and the page with it.
    if (this.looking) requestAnimationFrame(() => this.lookAtView());
    this.looking = false;
  }

  writeDots() {
    const { data, progress } = this;
    this.find(".dots").replaceChildren(...data.steps.map((id, number) => {
      const dot = document.createElement("i");
      const { given, done } = progress.steps[id] ?? {};
      dot.dataset.done = String(given !== undefined || Boolean(done) || number + 1 < data.step);
      dot.dataset.here = String(number + 1 === data.step);
      return dot;
    }));
  }

  writeLanguages() {
    const { data, select } = this;
    const offered = Object.entries(data.languages);
    if (select.options.length !== offered.length) {
      select.replaceChildren(...offered.map(([id, name]) =>
        Object.assign(new Option(id.toUpperCase(), id), { title: name })));
    }
    select.value = data.language;
    select.hidden = offered.length < 2;
    setAttribute(select, "aria-label", data.words.language);
  }

  /** The step is of another page, or the visitor was further than this. */
  writeElsewhere() {
    const { data, find, resumable } = this;
    const place = find(".elsewhere");
    place.hidden = data.here && !resumable;
    const told = resumable ? "" : filled(data.words.elsewhere, { page: data.place });
    setText(part(place, "span", HTMLElement), told);
    setText(find("[data-act=return]"), resumable ? filled(data.words.again, { n: resumable }) : data.words.return);
  }

  writeGoal() {
    const { data: { goal, words }, find, mine } = this;
    const place = find(".goal");
    place.hidden = !goal;
    place.dataset.done = String(Boolean(mine.done));
    setText(find(".goal .sign"), mine.done ? "✓" : "○");
    setText(find(".goal .state"), mine.done ? words.done : words.todo);
    if (goal) writeText(find(".goal .do"), goal.words);
  }

  writeQuestion() {
    const { data: { question, words }, find, input, mine, opened } = this;
    if (!question) return;
    const { given } = mine;
    const { open } = this;
    const right = opened ? question.accepted.equals ?? "" : "";
    for (const button of this.radios.radios) {
      if (button instanceof HTMLButtonElement) button.disabled = !open;
      setAttribute(button, "data-right", right !== "" && button.dataset.option === right && !open);
    }
    this.radios.show(typeof given === "string" ? given : "");
    if (open && question.kind === "choice") this.radios.radios[0].tabIndex = 0;
    if (Array.isArray(given)) this.plane.guess = given;
    input.disabled = !open;
    const button = find(".answer");
    button.hidden = !open || question.kind === "choice";
    if (button instanceof HTMLButtonElement) button.disabled = question.kind === "point" && !this.plane.guess;
    setText(button, words.answer);
    find(".keys").hidden = !open || question.kind !== "point";
    this.crowd.write(this.question, question, opened, words);
  }

  /** What is said of the visitor's answer; empty before it. */
  verdict() {
    const { data: { question, words }, mine: { given } } = this;
    if (question && given === undefined && this.led && question.truth) {
      return filled(words.truth, { truth: question.truth });
    }
    if (!question || given === undefined) return "";
    if (!this.opened) return `${words.taken} ${words.held}`;
    const right = judge(question.accepted, given, question.plane);
    const parts = [right === null ? words.taken : right ? words.right : words.wrong];
    if (typeof given === "number") {
      parts.push(filled(words.yours, { given }));
      if (question.truth) parts.push(filled(words.truth, { truth: question.truth }));
    }
    return parts.join(" ");
  }

  writeButtons() {
    const { data, done, find, folded } = this;
    const { words } = data;
    const last = data.step === data.steps.length;
    const [next, back, fold, leave] = ["next", "back", "fold", "leave"].map((name) => find(`[data-act=${name}]`));
    setText(next, done ? (last ? words.end : words.next) : words.skip);
    next.dataset.ready = String(done);
    setText(back, words.back);
    if (back instanceof HTMLButtonElement) back.disabled = data.step === 1;
    for (const button of [next, back]) button.hidden = !data.leads && !store().room?.alone;
    setText(fold, folded ? "▲" : "▼");
    setAttribute(fold, "aria-label", folded ? words.unfold : words.fold);
    setAttribute(fold, "title", folded ? words.unfold : words.fold);
    press(fold, folded);
    setAttribute(leave, "aria-label", words.leave);
    setAttribute(leave, "title", words.leave);
  }

  /** Arrows move the dot of a guess. @param {import("../../kit/web/keyboard.js").Press} pressed
   * @returns {boolean} */
  onKey(pressed) {
    const { direction, target } = pressed;
    const { canvas } = this.plane.surface;
    const { plane } = this.plane;
    if (!direction || target !== canvas || !plane) return super.onKey(pressed);
    const step = STEP_OF_PLANE * (plane.high[0] - plane.low[0]);
    const [x, y] = this.plane.guess ?? plane.before;
    this.guess([x + direction[0] * step, y + direction[1] * step]);
    return true;
  }

  probe() {
    const { answered, data, done, mine, opened, plane } = this;
    const spots = plane.plane && { before: plane.spot(plane.plane.before), after: plane.spot(plane.plane.after) };
    return {
      ...super.probe(), step: data.step, lesson: data.lesson, answered, done, opened, mine, spots, told: this.told,
    };
  }
}

/** Read, or write, what lasts as long as the tab. @param {string} name @param {string} [value] */
function sessionStorageOf(name, value) {
  try {
    if (value !== undefined) sessionStorage.setItem(name, value);
    return sessionStorage.getItem(name);
  } catch {
    return null;
  }
}

/** @param {string} text @param {Record<string, string | number>} values for {names} in it */
function filled(text, values) {
  return Object.entries(values).reduce((told, [name, value]) => told.replace(`{${name}}`, String(value)), text);
}

/** A text whose **words** are bold; nothing else in it is markup. @param {HTMLElement} place
 * @param {string} text */
function writeText(place, text) {
  if (place.dataset.text === text) return;
  place.dataset.text = text;
  place.replaceChildren(...text.split("**").map((words, number) => {
    if (number % 2 === 0) return document.createTextNode(words);
    const bold = document.createElement("b");
    bold.textContent = words;
    return bold;
  }));
}

export default mount(".lesson", LessonPanel);
