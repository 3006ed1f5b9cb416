/**
 * Waits for the news of a room, and sends guesses until they are taken; no page runs for either. It
 * goes on by itself when the server was away.
 *
 * @typedef {string | number | number[]} Guess
 * @typedef {{version: number, guessed: number, people: number, key: string, pageKey: string, scene: string,
 *   lesson: string, step: number, question: string, revealed: boolean, count: number,
 *   guesses: Guess[] | null, mine: Guess | null}} RoomNews
 */

const AWAY_MS = 1000; // the server may be starting again
const NOTHING = -1;

export class RoomFeed {
  /** @param {string} address @param {string} secret of who leads, else empty
   * @param {{told: (news: RoomNews) => void, over: (sentence: string) => void,
   *   away: (isAway: boolean) => void}} listener @param {AbortSignal} signal ends it */
  constructor(address, secret, listener, signal) {
    this.address = address;
    this.secret = secret;
    this.listener = listener;
    this.signal = signal;
    this.have = NOTHING;
    this.guessed = NOTHING;
    this.person = personHere();
    /** What is on its way, by question: the last guess counts. @type {Map<string, Guess>} */
    this.unsent = new Map();
    this.sending = false;
    void this.listen();
  }

  /** @param {string} path @returns {URL} */
  at(path) {
    const url = new URL(path, document.baseURI);
    url.searchParams.set("person", this.person);
    return url;
  }

  async listen() {
    while (!this.signal.aborted) {
      try {
        const url = this.at(`${this.address}?have=${this.have}&guessed=${this.guessed}`);
        const headers = /** @type {Record<string, string>} */ (this.secret ? { "x-trisym-room": this.secret } : {});
        const answer = await fetch(url, { signal: this.signal, cache: "no-store", headers });
        if (!answer.ok) throw new Error(`${answer.status}`); // a proxy whose server is away
        const told = await answer.json();
        this.listener.away(false);
        if (told.error) {
          this.listener.over(String(told.error));
          return;
        }
        const isNews = told.version !== this.have || told.guessed !== this.guessed;
        [this.have, this.guessed] = [told.version, told.guessed];
        if (isNews) this.listener.told(told);
      } catch {
        if (this.signal.aborted) return;
        this.listener.away(true);
        await pause(AWAY_MS, this.signal);
      }
    }
  }

  /** @param {string} question @param {Guess} value */
  guess(question, value) {
    this.unsent.set(question, value);
    if (!this.sending) void this.sendAll();
  }

  async sendAll() {
    this.sending = true;
    while (this.unsent.size && !this.signal.aborted) {
      const [[question, value]] = this.unsent;
      try {
        const body = JSON.stringify({ question, value });
        const answer = await fetch(this.at(this.address), { method: "POST", body, signal: this.signal });
        if (!answer.ok) throw new Error(`${answer.status}`);
        await answer.json(); // taken, or refused for good
        if (this.unsent.get(question) === value) this.unsent.delete(question);
      } catch {
        await pause(AWAY_MS, this.signal);
      }
    }
    this.sending = false;
  }
}

/** @param {number} ms @param {AbortSignal} signal @returns {Promise<void>} */
function pause(ms, signal) {
  return new Promise((done) => {
    const timer = setTimeout(done, ms);
    signal.addEventListener("abort", () => {
      clearTimeout(timer);
      done();
    }, { once: true });
  });
}

/** Who this tab is where the browser keeps no cookie of ours. @returns {string} */
function personHere() {
  const place = "trisym:person";
  try {
    const known = sessionStorage.getItem(place);
    if (known) return known;
    const fresh = Array.from(crypto.getRandomValues(new Uint8Array(12)), (byte) => byte.toString(16).padStart(2, "0")).join("");
    sessionStorage.setItem(place, fresh);
    return fresh;
  } catch {
    return Array.from({ length: 24 }, () => Math.floor(16 * Math.random()).toString(16)).join("");
  }
}
