import { timingSafeEqual } from "node:crypto";

/** In a time that says nothing about where they differ. */
export function equalSignature(given: string, expected: string): boolean {
  const a = Buffer.from(given);
  const b = Buffer.from(expected);
  return a.length === b.length && timingSafeEqual(a, b);
}
