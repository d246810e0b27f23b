/** The few RowBinary encodings that the cases write by hand. */
export function uint32(value: number): Buffer {
  const bytes = Buffer.alloc(4);
  bytes.writeUInt32LE(value);
  return bytes;
}

export function float64(value: number): Buffer {
  const bytes = Buffer.alloc(8);
  bytes.writeDoubleLE(value);
  return bytes;
}

function varUint(value: number): Buffer {
  const bytes: number[] = [];
  let rest = value;
  while (rest >= 128) {
    bytes.push((rest % 128) + 128);
    rest = Math.floor(rest / 128);
  }
  return Buffer.from([...bytes, rest]);
}

export function string(value: string): Buffer {
  return Buffer.concat([varUint(Buffer.byteLength(value)), Buffer.from(value)]);
}

export function map(entries: Record<string, Buffer>): Buffer {
  const pairs = Object.entries(entries);
  return Buffer.concat([
    varUint(pairs.length),
    ...pairs.flatMap(([key, value]) => [string(key), value]),
  ]);
}
