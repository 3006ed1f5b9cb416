/**
 * What happened, in words: seen at once, and read aloud at most once in five seconds. Of what comes
 * faster the last sentence is read when the time is over: it says how things ended.
 */
import { setText } from "./dom.js";

const SILENCE_MS = 5000;

export class LiveRegion {
  /** @param {HTMLElement} seen the paragraph that everybody sees */
  constructor(seen) {
    this.seen = seen;
    this.spoken = document.createElement("p");
    this.spoken.className = "unseen";
    this.spoken.textContent = seen.textContent; // read where one comes to it, not aloud
    this.spoken.setAttribute("role", "status");
    this.spoken.setAttribute("aria-live", "polite");
    seen.after(this.spoken);
    seen.setAttribute("aria-hidden", "true");
    this.last = -Infinity;
    this.unseen = "";
    /** @type {ReturnType<typeof setTimeout> | undefined} */
    this.timer = undefined;
  }

  /** @param {string} sentence */
  say(sentence) {
    if (this.seen.textContent === sentence) return;
    setText(this.seen, sentence);
    this.tell("");
  }

  /** For ears only: what eyes see in numbers. @param {string} sentence */
  tell(sentence) {
    this.unseen = sentence;
    this.timer ??= setTimeout(() => this.speak(), Math.max(0, this.last + SILENCE_MS - Date.now()));
  }

  speak() {
    this.timer = undefined;
    this.last = Date.now();
    setText(this.spoken, this.unseen || (this.seen.textContent ?? ""));
    this.unseen = "";
  }

  dispose() {
    clearTimeout(this.timer);
    this.spoken.remove();
  }
}
