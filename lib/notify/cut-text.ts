// biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what is taken out
const controls = /[\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f-\u009f\u2028\u2029]/g;

/** Text as every receiver can take it: no half of a pair, no control characters but line breaks and tabs. */
export function cleanText(text: string): string {
  return text.toWellFormed().replace(/\r\n?/g, "\n").replace(controls, " ");
}

/** On one line. */
export const cleanLine = (text: string): string => cleanText(text).replace(/\s+/g, " ").trim();

const ellipsis = "…";

/** At most so many code points, the last one an ellipsis where something was left out: neither bytes nor halves of pairs. */
export function cutText(text: string, lengthMax: number): string {
  // Never more code points than UTF-16 units, so that most texts need not be taken apart.
  if (text.length <= lengthMax) return text;
  const points = [...text];
  if (points.length <= lengthMax) return text;
  return `${points
    .slice(0, Math.max(0, lengthMax - 1))
    .join("")
    .trimEnd()}${ellipsis}`;
}

/** The same where the receiver counts UTF-16 units. */
export function cutUnits(text: string, unitsMax: number): string {
  if (text.length <= unitsMax) return text;
  // A cut through a pair would leave half of it.
  const head = text.slice(0, Math.max(0, unitsMax - 1));
  const whole = /[\ud800-\udbff]$/.test(head) ? head.slice(0, -1) : head;
  return `${whole.trimEnd()}${ellipsis}`;
}

export const utf8Length = (text: string): number => Buffer.byteLength(text, "utf8");
