import { crc32 } from "node:zlib";

/** length, CRC-32 of the rest, kind; then the body. */
const frameHeaderBytes = 9;
export const frameKinds = { rows: 1, seal: 2, unanswered: 3 } as const;
const knownKinds: ReadonlySet<number> = new Set(Object.values(frameKinds));
export type FrameKind = (typeof frameKinds)[keyof typeof frameKinds];

export interface Frame {
  kind: FrameKind;
  body: Buffer;
  /** Of the frame, its header included. */
  from: number;
  until: number;
}

export function encodeFrame(
  kind: FrameKind,
  pieces: readonly Buffer[],
): { buffers: Buffer[]; bytes: number } {
  const header = Buffer.alloc(frameHeaderBytes);
  let bytes = 0;
  for (const piece of pieces) bytes += piece.length;
  header.writeUInt32LE(bytes, 0);
  header.writeUInt8(kind, 8);
  let checksum = crc32(header.subarray(8), crc32(header.subarray(0, 4)));
  for (const piece of pieces) checksum = crc32(piece, checksum);
  header.writeUInt32LE(checksum, 4);
  return { buffers: [header, ...pieces], bytes: bytes + frameHeaderBytes };
}

function isFrameKind(kind: number): kind is FrameKind {
  return knownKinds.has(kind);
}

/** The frames of a stretch of a segment that begins at `base`. Ends at the first one that is not whole. */
export function* readFrames(data: Buffer, base: number): Generator<Frame, void> {
  let at = 0;
  while (at + frameHeaderBytes <= data.length) {
    const bytes = data.readUInt32LE(at);
    const until = at + frameHeaderBytes + bytes;
    if (until > data.length) return;
    const kind = data.readUInt8(at + 8);
    if (!isFrameKind(kind)) return;
    const body = data.subarray(at + frameHeaderBytes, until);
    const checksum = crc32(
      body,
      crc32(data.subarray(at + 8, at + 9), crc32(data.subarray(at, at + 4))),
    );
    if (checksum !== data.readUInt32LE(at + 4)) return;
    yield { kind, body, from: base + at, until: base + until };
    at = until;
  }
}
