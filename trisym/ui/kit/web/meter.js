/**
 * Measures the stage when a benchmark asks: frames drawn and, for every input event (those that the
 * browser merged into one too), the time until its picture was drawn and until the frame was handed over.
 */
export class Meter {
  constructor() {
    this.running = false;
    this.frames = 0;
    this.started = 0;
    /** Milliseconds of script a frame. @type {number[]} */
    this.work = [];
    /** Input to the end of the frame's drawing. @type {number[]} */
    this.drawn = [];
    /** Input to the first task after the frame was painted. @type {number[]} */
    this.painted = [];
    /** @type {number[]} */
    this.waiting = [];
  }

  start() {
    Object.assign(this, { frames: 0, work: [], drawn: [], painted: [], waiting: [] });
    this.started = performance.now();
    this.running = true;
  }

  /** @param {PointerEvent} event */
  input(event) {
    if (!this.running) return;
    const merged = event.getCoalescedEvents?.() ?? [];
    for (const one of merged.length ? merged : [event]) this.waiting.push(one.timeStamp);
  }

  /** @param {number} began */
  frame(began) {
    if (!this.running) return;
    const now = performance.now();
    this.frames += 1;
    this.work.push(now - began);
    const answered = this.waiting;
    this.waiting = [];
    for (const stamp of answered) this.drawn.push(now - stamp);
    const channel = new MessageChannel();
    channel.port1.onmessage = () => {
      const painted = performance.now();
      for (const stamp of answered) this.painted.push(painted - stamp);
      channel.port1.close();
    };
    channel.port2.postMessage(null);
  }

  stop() {
    this.running = false;
    const seconds = (performance.now() - this.started) / 1000;
    const { frames, work, drawn, painted } = this;
    return { seconds, frames, work, drawn, painted };
  }
}
