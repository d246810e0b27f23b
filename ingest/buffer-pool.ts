/** Buffers that are used again. Memory outside of the heap counts towards V8's next full collection, whatever the heap holds: made
 *  anew for every body and batch, they were cause for one or two a second, each of which holds up every acknowledgement. */
export class BufferPool {
  readonly #bytesMax: number;
  readonly #countMax: number;
  readonly #free: Buffer[] = [];
  readonly #lent = new Map<ArrayBufferLike, Buffer>();

  /** Larger ones, and more at a time, are made and thrown away. */
  constructor({ bytesMax, countMax }: { bytesMax: number; countMax: number }) {
    this.#bytesMax = bytesMax;
    this.#countMax = countMax;
  }

  /** Of exactly this length; what it holds is undefined. */
  take(bytes: number): Buffer {
    if (bytes > this.#bytesMax) return Buffer.allocUnsafeSlow(bytes);
    const at = this.#free.findIndex((buffer) => buffer.length >= bytes);
    const [kept] = at < 0 ? [] : this.#free.splice(at, 1);
    const whole = kept ?? Buffer.allocUnsafeSlow(Math.min(this.#bytesMax, roundedUp(bytes)));
    this.#lent.set(whole.buffer, whole);
    return whole.subarray(0, bytes);
  }

  /** Nobody may read it from here on. What did not come from here, or was given back already, is left alone. */
  give(buffer: Buffer): void {
    const whole = this.#lent.get(buffer.buffer);
    if (whole === undefined) return;
    this.#lent.delete(buffer.buffer);
    if (this.#free.length < this.#countMax) this.#free.push(whole);
  }
}

/** So that a buffer fits the next body too, which is seldom of the same length. */
function roundedUp(bytes: number): number {
  return 2 ** Math.ceil(Math.log2(Math.max(bytes, 4096)));
}
