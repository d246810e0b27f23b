/** A Buffer that grows, written in ClickHouse's RowBinary. The caller moves `position` back to drop what a refused row wrote. */
export class RowWriter {
  buffer: Buffer;
  position = 0;
  #view: DataView;

  constructor(bytes: number) {
    this.buffer = Buffer.allocUnsafeSlow(bytes);
    this.#view = viewOf(this.buffer);
  }

  ensure(bytes: number): void {
    const needed = this.position + bytes;
    if (needed <= this.buffer.length) return;
    const larger = Buffer.allocUnsafeSlow(Math.max(needed, this.buffer.length * 2));
    this.buffer.copy(larger, 0, 0, this.position);
    this.buffer = larger;
    this.#view = viewOf(larger);
  }

  byte(value: number): void {
    this.ensure(1);
    this.buffer[this.position++] = value;
  }

  /** What was written. */
  bytes(): Buffer {
    return this.buffer.subarray(0, this.position);
  }

  float64(value: number): void {
    this.ensure(8);
    this.#view.setFloat64(this.position, value, true);
    this.position += 8;
  }

  float32(value: number): void {
    this.ensure(4);
    this.#view.setFloat32(this.position, value, true);
    this.position += 4;
  }

  uint32(value: number): void {
    this.ensure(4);
    this.#view.setUint32(this.position, value, true);
    this.position += 4;
  }

  /** A whole number from 0 to 2^53, as are the milliseconds of a DateTime64(3) after 1970. */
  uint64(value: number): void {
    this.ensure(8);
    this.#view.setUint32(this.position, value >>> 0, true);
    this.#view.setUint32(this.position + 4, Math.floor(value / 4_294_967_296), true);
    this.position += 8;
  }

  /** Milliseconds << 22 | counter, which does not fit a double. */
  sequence(milliseconds: number, counter: number): void {
    this.ensure(8);
    const low = (((milliseconds % 1024) << 22) | counter) >>> 0;
    this.#view.setUint32(this.position, low, true);
    this.#view.setUint32(this.position + 4, Math.floor(milliseconds / 1024), true);
    this.position += 8;
  }

  nullableFloat64(value: number | null): void {
    this.ensure(9);
    if (value === null) {
      this.buffer[this.position++] = 1;
      return;
    }
    this.buffer[this.position++] = 0;
    this.#view.setFloat64(this.position, value, true);
    this.position += 8;
  }

  nullableUint32(value: number | null): void {
    if (value === null) {
      this.byte(1);
      return;
    }
    this.byte(0);
    this.uint32(value);
  }

  uint64s(values: readonly number[]): void {
    this.varint(values.length);
    for (const value of values) this.uint64(value);
  }

  float64s(values: readonly number[]): void {
    this.varint(values.length);
    for (const value of values) this.float64(value);
  }

  strings(texts: readonly string[]): void {
    this.varint(texts.length);
    for (const text of texts) this.string(text);
  }

  varint(value: number): void {
    this.ensure(5);
    let rest = value;
    while (rest > 0x7f) {
      this.buffer[this.position++] = (rest & 0x7f) | 0x80;
      rest >>>= 7;
    }
    this.buffer[this.position++] = rest;
  }

  /** Bytes that are already in the format's own form: a UUID, an encoded string. */
  raw(bytes: Uint8Array): void {
    const length = bytes.length;
    this.ensure(length);
    const { buffer, position } = this;
    if (length > 48) buffer.set(bytes, position);
    else for (let i = 0; i < length; i++) buffer[position + i] = bytes[i] ?? 0;
    this.position = position + length;
  }

  /** Short ASCII, the usual case, is copied here: a call into the runtime costs more than the copy. */
  string(text: string): void {
    const length = text.length;
    if (length < 64) {
      this.ensure(length + 1);
      const { buffer, position } = this;
      let i = 0;
      for (; i < length; i++) {
        const code = text.charCodeAt(i);
        if (code > 0x7f) break;
        buffer[position + 1 + i] = code;
      }
      if (i === length) {
        buffer[position] = length;
        this.position = position + 1 + length;
        return;
      }
    }
    const bytes = Buffer.byteLength(text);
    this.varint(bytes);
    this.ensure(bytes);
    this.position += this.buffer.write(text, this.position, bytes, "utf8");
  }
}

function viewOf(buffer: Buffer): DataView {
  return new DataView(buffer.buffer, buffer.byteOffset, buffer.byteLength);
}

/** RowBinary stores a UUID as two little-endian halves. */
export function uuidBytes(uuid: string): Uint8Array {
  const plain = Buffer.from(uuid.replaceAll("-", ""), "hex");
  return Buffer.concat([plain.subarray(0, 8).reverse(), plain.subarray(8, 16).reverse()]);
}
