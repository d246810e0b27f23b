import { deflateSync } from "node:zlib";
import { describe, expect, test } from "vitest";
import { inspectImage } from "./inspect-image.ts";

const bytesOf = (text: string) => new TextEncoder().encode(text);
const fromBase64 = (text: string) => new Uint8Array(Buffer.from(text, "base64"));

function chunk(name: string, data: Uint8Array): Uint8Array {
  const bytes = Buffer.alloc(12 + data.length);
  bytes.writeUInt32BE(data.length);
  bytes.write(name, 4, "latin1");
  bytes.set(data, 8);
  return bytes;
}

function pngOf(width: number, height: number): Uint8Array {
  const header = Buffer.alloc(13);
  header.writeUInt32BE(width);
  header.writeUInt32BE(height, 4);
  header.set([8, 0], 8);
  const signature = [0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a];
  const data = deflateSync(new Uint8Array(16));
  const parts = [chunk("IHDR", header), chunk("IDAT", data), chunk("IEND", new Uint8Array())];
  return Buffer.concat([Uint8Array.from(signature), ...parts]);
}

// Each the smallest that its format has, made by an encoder.
const gif = fromBase64("R0lGODlhAQABAIAAAAAAAP///yH5BAEAAAAALAAAAAABAAEAAAIBRAA7");
const webp = fromBase64("UklGRhoAAABXRUJQVlA4TA0AAAAvAAAAEAcQERGIiP4HAA==");
const jpeg = Uint8Array.from([
  ...[0xff, 0xd8, 0xff, 0xe0, 0x00, 0x04, 0x4a, 0x46],
  ...[0xff, 0xc0, 0x00, 0x0b, 0x08, 0x00, 0x20, 0x00, 0x40, 0x01, 0x01, 0x11, 0x00],
  ...[0xff, 0xd9],
]);

describe("a picture is what its bytes say", () => {
  test("PNG, GIF, JPEG and WebP, each with its size", () => {
    expect(inspectImage(pngOf(640, 480))).toEqual({
      mediaType: "image/png",
      width: 640,
      height: 480,
    });
    expect(inspectImage(gif)).toEqual({ mediaType: "image/gif", width: 1, height: 1 });
    expect(inspectImage(jpeg)).toEqual({ mediaType: "image/jpeg", width: 64, height: 32 });
    expect(inspectImage(webp)).toEqual({ mediaType: "image/webp", width: 1, height: 1 });
  });

  const html = "<html><script>alert(1)</script></html>";
  test.each([
    ["no bytes", new Uint8Array()],
    ["one byte", Uint8Array.from([0x89])],
    ["SVG", bytesOf('<svg xmlns="http://www.w3.org/2000/svg" onload="alert(1)"/>')],
    ["SVG behind a declaration", bytesOf('<?xml version="1.0"?><svg/>')],
    ["HTML", bytesOf(html)],
    ["HTML behind the letters of a GIF", bytesOf("GIF8")],
    ["a PDF", bytesOf("%PDF-1.7 ...")],
    ["a BMP", bytesOf(`BM${" ".repeat(60)}`)],
    ["a PNG that ends after its signature", pngOf(1, 1).subarray(0, 8)],
    ["a PNG whose first chunk is another", Buffer.from(pngOf(1, 1)).fill("X", 12, 16)],
    ["a PNG of no width", pngOf(0, 4)],
    ["a JPEG without a frame", jpeg.subarray(0, 8)],
    [
      "a JPEG whose segment says it has no length",
      Uint8Array.from([0xff, 0xd8, 0xff, 0xe0, 0, 0, 0, 0, 0, 0, 0, 0]),
    ],
    ["a WebP that was cut off", webp.subarray(0, 31)],
    ["another file in the container of WebP", bytesOf(`RIFF    WAVE${" ".repeat(40)}`)],
  ])("%s is none", (_, bytes) => {
    expect(inspectImage(bytes)).toBeNull();
  });

  test("any cut of a real one is answered, never thrown at", () => {
    for (const whole of [pngOf(3, 3), gif, jpeg, webp])
      for (let length = 0; length < whole.length; length += 1)
        expect(() => inspectImage(whole.subarray(0, length))).not.toThrow();
  });
});
