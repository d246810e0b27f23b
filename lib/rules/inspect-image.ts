import type { ImageType } from "#lib/domain/image.ts";

/** What the bytes of a pasted picture are, by what they begin with and what they say of their size; never by what their sender calls
 *  them. null: none of the four formats that a browser shows and that carry no script, or cut off. */
export function inspectImage(bytes: Uint8Array): ImageFacts | null {
  const found = readPng(bytes) ?? readGif(bytes) ?? readJpeg(bytes) ?? readWebp(bytes);
  return found === null || found.width < 1 || found.height < 1 ? null : found;
}

export interface ImageFacts {
  mediaType: ImageType;
  width: number;
  height: number;
}

const viewOf = (bytes: Uint8Array) =>
  new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);

const beginsWith = (bytes: Uint8Array, signature: readonly number[], from = 0): boolean =>
  bytes.length >= from + signature.length && signature.every((byte, i) => bytes[from + i] === byte);

const ascii = (text: string): number[] => [...text].map((letter) => letter.charCodeAt(0));

const pngSignature = [0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a];

/** The first chunk of a PNG is its header, of 13 bytes. */
function readPng(bytes: Uint8Array): ImageFacts | null {
  if (!beginsWith(bytes, pngSignature) || bytes.length < 45) return null;
  const view = viewOf(bytes);
  if (view.getUint32(8) !== 13 || !beginsWith(bytes, ascii("IHDR"), 12)) return null;
  return { mediaType: "image/png", width: view.getUint32(16), height: view.getUint32(20) };
}

function readGif(bytes: Uint8Array): ImageFacts | null {
  const isGif = beginsWith(bytes, ascii("GIF87a")) || beginsWith(bytes, ascii("GIF89a"));
  if (!isGif || bytes.length < 14) return null;
  const view = viewOf(bytes);
  return {
    mediaType: "image/gif",
    width: view.getUint16(6, true),
    height: view.getUint16(8, true),
  };
}

const segmentsMax = 1_000;

/** From marker to marker until the one that begins a frame and has its size. */
function readJpeg(bytes: Uint8Array): ImageFacts | null {
  if (!beginsWith(bytes, [0xff, 0xd8, 0xff])) return null;
  const view = viewOf(bytes);
  let at = 2;
  for (let i = 0; i < segmentsMax && at + 9 <= bytes.length; i += 1) {
    if (view.getUint8(at) !== 0xff) return null;
    const marker = view.getUint8(at + 1);
    // A marker may be padded with more of 0xff.
    if (marker === 0xff) {
      at += 1;
      continue;
    }
    const isFrame =
      marker >= 0xc0 && marker <= 0xcf && marker !== 0xc4 && marker !== 0xc8 && marker !== 0xcc;
    if (isFrame)
      return {
        mediaType: "image/jpeg",
        width: view.getUint16(at + 7),
        height: view.getUint16(at + 5),
      };
    const length = view.getUint16(at + 2);
    if (length < 2) return null;
    at += 2 + length;
  }
  return null;
}

function readWebp(bytes: Uint8Array): ImageFacts | null {
  if (!beginsWith(bytes, ascii("RIFF")) || !beginsWith(bytes, ascii("WEBP"), 8)) return null;
  if (bytes.length < 30) return null;
  const view = viewOf(bytes);
  // The container says how long it is; one that was cut off is no picture.
  if (view.getUint32(4, true) + 8 > bytes.length) return null;
  const mediaType = "image/webp";
  if (beginsWith(bytes, ascii("VP8X"), 12)) {
    const three = (from: number) =>
      view.getUint8(from) | (view.getUint8(from + 1) << 8) | (view.getUint8(from + 2) << 16);
    return { mediaType, width: three(24) + 1, height: three(27) + 1 };
  }
  if (beginsWith(bytes, ascii("VP8L"), 12) && view.getUint8(20) === 0x2f) {
    const bits = view.getUint32(21, true);
    return { mediaType, width: (bits & 0x3fff) + 1, height: ((bits >>> 14) & 0x3fff) + 1 };
  }
  if (beginsWith(bytes, ascii("VP8 "), 12) && beginsWith(bytes, [0x9d, 0x01, 0x2a], 23))
    return {
      mediaType,
      width: view.getUint16(26, true) & 0x3fff,
      height: view.getUint16(28, true) & 0x3fff,
    };
  return null;
}
