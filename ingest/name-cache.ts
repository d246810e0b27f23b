import { wireLimits } from "#lib/domain/limits.ts";

/** A name as RowBinary has it: the length, then UTF-8. */
export interface EncodedName {
  readonly text: string;
  readonly bytes: Uint8Array;
}

export type NameProblem = "empty" | "too_long" | "control" | "malformed";

// biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what is refused
const control = /[\u0000-\u001f\u007f]/;
const entriesMax = 20_000;

/** The same few names come back in every row: each is checked and encoded once. */
export class NameCache {
  readonly #entries = new Map<string, EncodedName>();

  get(text: string): EncodedName | NameProblem {
    const known = this.#entries.get(text);
    if (known !== undefined) return known;
    const problem = nameProblemOf(text);
    if (problem !== null) return problem;
    if (this.#entries.size >= entriesMax) this.#entries.clear();
    const entry = { text, bytes: encodeString(text) };
    this.#entries.set(text, entry);
    return entry;
  }
}

function nameProblemOf(text: string): NameProblem | null {
  if (text === "") return "empty";
  if (text.length > wireLimits.nameBytesMax) return "too_long";
  if (control.test(text)) return "control";
  if (!text.isWellFormed()) return "malformed";
  return Buffer.byteLength(text) > wireLimits.nameBytesMax ? "too_long" : null;
}

/** For strings below 128 bytes the length is one byte; names have at most 128, so two are enough. */
function encodeString(text: string): Uint8Array {
  const bytes = Buffer.from(text);
  const length =
    bytes.length < 128 ? [bytes.length] : [(bytes.length & 0x7f) | 0x80, bytes.length >>> 7];
  return Uint8Array.from([...length, ...bytes]);
}
