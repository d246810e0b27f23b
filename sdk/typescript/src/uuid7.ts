/** Node 18 has no global crypto without a flag; its Math.random is seeded by the system, for each process anew. */
function fillRandom(bytes: Uint8Array<ArrayBuffer>): void {
  if (globalThis.crypto?.getRandomValues) {
    globalThis.crypto.getRandomValues(bytes);
    return;
  }
  for (let at = 0; at < bytes.length; at += 1) bytes[at] = Math.floor(Math.random() * 256);
}

const hex = Array.from({ length: 256 }, (_, byte) => byte.toString(16).padStart(2, "0"));
const noise = new Uint8Array(10);

/** A UUID of version 7 for a time in Unix milliseconds. */
export function uuid7(ms: number): string {
  fillRandom(noise);
  const stamp = ms.toString(16).padStart(12, "0");
  const text = Array.from(noise, (byte) => hex[byte]).join("");
  const variant = ((noise[1] ?? 0) & 0x3) + 8;
  return `${stamp.slice(0, 8)}-${stamp.slice(8)}-7${text.slice(0, 3)}-${variant.toString(16)}${text.slice(4, 7)}-${text.slice(7, 19)}`;
}
