/**
 * A browser in a room: follows the teacher's steps and scenes, sends the visitor's guesses, and lets the
 * lesson's panel show everybody's. Whoever touches something is on their own until they follow again.
 *
 * @typedef {{code: string, address: string, leads: boolean, secret: string, refused: boolean,
 *   key: string, pageKey: string}} RoomData
 *   secret: of who leads, else empty; refused: this tab has asked to lead by a wrong one; key: the
 *   standing that the server has put this page at, pageKey: what of it needs a run of the page
 * @typedef {{data: RoomData, parentElement: Element | ShadowRoot,
 *   setTriggerValue: (name: string, value: unknown) => void}} RoomComponent
 * @typedef {import("./room_feed.js").RoomNews} RoomNews
 */
import { RoomFeed } from "./room_feed.js";
import { part, parts, setText } from "../../kit/web/dom.js";
import { mounting } from "../../kit/web/mounting.js";
import { store, tellOfRoom } from "../../kit/web/store.js";

const REVEALED = "trisym-revealed"; // the presenter's key
const LOOK_MS = 300; // an answer is sent so soon after it was given, and a new view shows the scene
const TOUCHED = "button, input, select, textarea, a, summary, canvas, [role=radio], [role=slider], [role=option]";

export class RoomView {
  /** @param {HTMLElement} root @param {RoomComponent} component */
  constructor(root, component) {
    this.root = root;
    this.component = component;
    this.abort = new AbortController();
    /** @type {RoomFeed | null} */
    this.feed = null;
    /** @type {AbortController | null} */
    this.feedEnds = null;
    /** @type {RoomNews | null} */
    this.news = null;
    this.over = "";
    this.away = false;
    this.claimed = ""; // the room whose lead this tab has asked for
    this.claiming = false;
    this.revealing = false; // asked to show the answers before there was news of the question
    this.following = ""; // the room of `feed`
    this.asked = ""; // the standing that the server was last asked for
    this.reached = ""; // the standing that this page shows, and
    this.reachedPage = ""; // what of it needs a run of the page
    this.known = ""; // the last standing that the server put the page at
    this.shownScene = "";
    this.listen();
  }

  listen() {
    const { signal } = this.abort;
    for (const button of parts(this.root, "[data-act]")) {
      button.addEventListener("click", () => this.act(String(button.dataset.act)), { signal });
    }
    for (const kind of ["pointerdown", "keydown"]) {
      document.addEventListener(kind, (event) => this.touched(event), { signal, capture: true });
    }
    globalThis.addEventListener(REVEALED, () => this.act("reveal"), { signal });
    const timer = setInterval(() => {
      this.sendGuess();
      this.showScene(); // the view may have come after the news
    }, LOOK_MS);
    signal.addEventListener("abort", () => {
      clearInterval(timer);
      this.feedEnds?.abort();
      tellOfRoom(null);
    });
  }

  get data() {
    return this.component.data;
  }

  /** @param {RoomComponent} component */
  update(component) {
    this.component = component;
    const { code, address, key, leads, secret } = this.data;
    this.rememberSecret();
    const following = code && `${code} ${secret}`;
    if (key !== this.known) {
      this.known = this.reached = this.asked = key;
      this.reachedPage = this.data.pageKey;
      this.shownScene = "";
    }
    if (following !== this.following) {
      this.following = following;
      this.feedEnds?.abort();
      this.feedEnds = new AbortController();
      this.news = null;
      this.over = "";
      this.feed = !code ? null : new RoomFeed(address, secret, {
        told: (news) => this.told(news),
        over: (sentence) => this.ended(sentence),
        away: (isAway) => this.wentAway(isAway),
      }, this.feedEnds.signal);
      if (!code) tellOfRoom(null);
    }
    if (leads) this.claiming = false;
    else if (code) this.claim();
    if (this.news) this.apply();
    this.write();
  }

  // Who leads

  rememberSecret() {
    const { code, secret } = this.data;
    if (code && secret) kept(`trisym:room ${code}`, secret);
  }

  /**
   * The page was loaded anew, or the server started again: it has forgotten who leads, this tab not.
   * Until the server has answered, this tab follows nobody.
   */
  claim() {
    const { code, refused } = this.data;
    const secret = kept(`trisym:room ${code}`);
    this.claiming = Boolean(secret) && !refused;
    if (this.claiming && this.claimed !== code) this.send({ act: "lead", secret });
    this.claimed = code;
  }

  // What is new

  /** @param {RoomNews} news */
  told(news) {
    this.news = news;
    if (this.revealing) this.reveal();
    this.apply();
    this.sendGuess();
    this.write();
  }

  /** @param {string} sentence */
  ended(sentence) {
    this.over = sentence;
    this.news = null;
    tellOfRoom(null);
    this.write();
    if (!this.data.leads) this.send({ act: "over", why: sentence });
  }

  /** @param {boolean} isAway */
  wentAway(isAway) {
    if (isAway === this.away) return;
    this.away = isAway;
    this.write();
  }

  /** Go where the class is: the server's part where another page or step is asked for, and the rest here. */
  apply() {
    const { news, data } = this;
    if (!news) return;
    const { question, guesses, revealed, count, people, scene, key } = news;
    tellOfRoom({ question, guesses, revealed, count, people, code: data.code, leads: data.leads, alone: this.alone });
    if (data.leads || this.alone || this.claiming) return;
    if (key !== this.asked) {
      this.asked = key;
      const isStep = news.lesson && this.panel && news.pageKey === this.reachedPage;
      if (!isStep) {
        this.send({ act: "sync", key });
        return;
      }
      this.reached = key;
      this.shownScene = "";
      this.panel?.lead("follow");
    }
    this.showScene();
  }

  /** The class's scene, where this page shows the class's standing. */
  showScene() {
    const { data, news, view } = this;
    const isThere = news && view && news.key === this.reached && !data.leads && !this.alone;
    if (!isThere || !news.scene || news.scene === this.shownScene) return;
    this.shownScene = news.scene;
    view.showScene(news.scene);
  }

  /** Of a lesson. @returns {import("../../kit/web/store.js").View | null} */
  get panel() {
    return [...store().views].find(({ root }) => root.isConnected && root.matches(".lesson")) ?? null;
  }

  /** @returns {import("../../kit/web/store.js").View | null} */
  get view() {
    return [...store().views].find(({ root }) => root.isConnected && !root.matches(".lesson")) ?? null;
  }

  /** What the visitor answered, until the room has it. */
  sendGuess() {
    const { data, feed, news } = this;
    if (!feed || !news || !news.question || news.revealed || data.leads || news.key !== this.reached) return;
    for (const view of store().views) {
      const guessed = view.guessed();
      if (guessed?.question !== news.question || same(guessed.value, news.mine)) continue;
      news.mine = guessed.value; // told once; the feed sends it until it is taken
      feed.guess(guessed.question, guessed.value);
    }
  }

  // On their own

  get alone() {
    return !this.data.leads && kept(`trisym:alone ${this.data.code}`) === "yes";
  }

  /** @param {Event} event that a visitor made */
  touched(event) {
    const { data } = this;
    if (!data.code || data.leads || this.alone || !event.isTrusted) return;
    if (event instanceof KeyboardEvent && ["Tab", "Shift", "Control", "Alt", "Meta", "Escape"].includes(event.key)) return;
    const path = event.composedPath().filter((each) => each instanceof Element);
    if (path.some((each) => each === this.root || each.matches(".lesson.live, .presenter"))) return;
    if (!path.some((each) => each.matches(TOUCHED))) return;
    this.setAlone(true);
  }

  /** @param {boolean} alone */
  setAlone(alone) {
    kept(`trisym:alone ${this.data.code}`, alone ? "yes" : "no");
    if (!alone) [this.asked, this.reachedPage] = ["", ""]; // whatever was done meanwhile
    this.apply();
    this.write();
  }

  /** @param {string} name */
  act(name) {
    if (name === "follow") this.setAlone(false);
    else if (name === "reveal" && this.data.leads) this.reveal();
    else if (name === "leave") this.send({ act: "leave" });
  }

  reveal() {
    this.revealing = !this.news;
    if (this.news) this.send({ act: "reveal", question: this.news.question });
  }

  /** @param {Record<string, unknown>} what */
  send(what) {
    this.component.setTriggerValue("act", what);
  }

  write() {
    const { alone, away, data, news, over, root } = this;
    root.hidden = !data.code;
    root.dataset.alone = String(alone);
    setText(part(root, ".code", HTMLElement), data.code && `Room ${data.code}`);
    setText(part(root, ".state", HTMLElement), over || (away ? "The server is away; this goes on when it is back."
      : news ? inWords(news, data.leads, alone) : "…"));
    part(root, "[data-act=follow]", HTMLElement).hidden = !alone || Boolean(over);
    part(root, "[data-act=reveal]", HTMLElement).hidden = !data.leads || !news?.question || news.revealed;
  }

  dispose() {
    this.abort.abort();
  }
}

/** @param {RoomNews} news @param {boolean} leads @param {boolean} alone */
function inWords(news, leads, alone) {
  const guessed = news.question ? `${news.count} guessed` : "";
  const people = news.people === 1 ? "1 here" : `${news.people} here`;
  const how = leads ? "you lead" : alone ? "you are on your own" : "you follow";
  return [how, people, guessed].filter(Boolean).join(" · ");
}

/** @param {unknown} one @param {unknown} other */
function same(one, other) {
  return JSON.stringify(one) === JSON.stringify(other);
}

/** Read, or write, what lasts as long as the tab. @param {string} name @param {string} [value] */
function kept(name, value) {
  try {
    if (value !== undefined) sessionStorage.setItem(name, value);
    return sessionStorage.getItem(name);
  } catch {
    return null;
  }
}

export default mounting(".room",
  (root, /** @type {RoomComponent} */ component) => new RoomView(root, component),
  ({ abort }) => abort.signal.aborted);
