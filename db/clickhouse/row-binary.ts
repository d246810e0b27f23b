/** Rows in the engine's RowBinary format: numbers keep their bits, which text need not. */
export class RowBinaryWriter {
  #bytes = Buffer.allocUnsafe(65_536);
  #size = 0;

  /** What was written. */
  bytes(): Buffer {
    return this.#bytes.subarray(0, this.#size);
  }

  uint8(value: number): void {
    this.#makeRoom(1);
    this.#size = this.#bytes.writeUInt8(value, this.#size);
  }

  uint32(value: number): void {
    this.#makeRoom(4);
    this.#size = this.#bytes.writeUInt32LE(value, this.#size);
  }

  /** A whole number from 0 to 2^53. */
  uint64(value: number): void {
    this.#makeRoom(8);
    this.#size = this.#bytes.writeUInt32LE(value % 2 ** 32, this.#size);
    this.#size = this.#bytes.writeUInt32LE(Math.floor(value / 2 ** 32), this.#size);
  }

  float64(value: number): void {
    this.#makeRoom(8);
    this.#size = this.#bytes.writeDoubleLE(value, this.#size);
  }

  text(value: string): void {
    const length = Buffer.byteLength(value);
    this.length(length);
    this.#makeRoom(length);
    this.#size += this.#bytes.write(value, this.#size);
  }

  /** Two words of 8 bytes, each with its lowest byte first. */
  uuid(value: string): void {
    const bytes = Buffer.from(value.replaceAll("-", ""), "hex");
    this.#makeRoom(16);
    bytes.subarray(0, 8).reverse().copy(this.#bytes, this.#size);
    bytes
      .subarray(8, 16)
      .reverse()
      .copy(this.#bytes, this.#size + 8);
    this.#size += 16;
  }

  list<T>(values: readonly T[], write: (value: T) => void): void {
    this.length(values.length);
    for (const value of values) write(value);
  }

  /** As a varint: 7 bits a byte, the lowest first. */
  length(value: number): void {
    this.#makeRoom(5);
    let left = value;
    for (; left > 0x7f; left >>>= 7)
      this.#size = this.#bytes.writeUInt8((left & 0x7f) | 0x80, this.#size);
    this.#size = this.#bytes.writeUInt8(left, this.#size);
  }

  #makeRoom(size: number): void {
    if (this.#size + size <= this.#bytes.length) return;
    const longer = Buffer.allocUnsafe(2 * (this.#size + size));
    this.#bytes.copy(longer, 0, 0, this.#size);
    this.#bytes = longer;
  }
}
