const counterMax = 2 ** 22 - 1;

/** Milliseconds of receipt, then a counter within them. It never goes back, not even when the clock or the process does. */
export class Sequence {
  #milliseconds: number;
  #counter = counterMax;
  readonly #place = { milliseconds: 0, counter: 0 };

  /** The greatest that was handed out before, in milliseconds. */
  constructor(lastMilliseconds: number) {
    this.#milliseconds = lastMilliseconds;
  }

  get lastMilliseconds(): number {
    return this.#milliseconds;
  }

  advance(nowMs: number): void {
    if (nowMs <= this.#milliseconds) return;
    this.#milliseconds = nowMs;
    this.#counter = 0;
  }

  /** The same object every time: read it before asking again. */
  next(): { milliseconds: number; counter: number } {
    if (this.#counter >= counterMax) {
      this.#milliseconds++;
      this.#counter = 0;
    }
    this.#place.milliseconds = this.#milliseconds;
    this.#place.counter = this.#counter++;
    return this.#place;
  }
}
