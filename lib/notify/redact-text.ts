import { cleanText, cutText } from "./cut-text.ts";

const answerLengthMax = 500;

/** What a receiver's answer may quote of what it was sent: hook paths, tokens, keys, signatures, passwords in addresses. */
const secrets: [RegExp, string][] = [
  [/(hooks\.slack(?:-gov)?\.com\/)[^\s"'<>]+/gi, "$1…"],
  [/(\/services\/)T[A-Z0-9]+\/[^\s"'<>]+/g, "$1…"],
  [/\bxox[a-z]-[A-Za-z0-9-]+/g, "xox…"],
  [/\bwhs(?:ec|k|pk)_[A-Za-z0-9+/=]+/g, "whsec_…"],
  [/\b(Bearer|Basic)\s+[A-Za-z0-9._~+/=-]+/gi, "$1 …"],
  [/\b[A-Za-z0-9]{32,}\b/g, "…"],
  [/(:\/\/)[^\s/@"'<>]+@/g, "$1…@"],
];

/** Short enough to keep, and without what must not stand in a log. `known` are secrets of the very destination. */
export function redactText(text: string, known: readonly string[] = []): string {
  const blind = known
    .filter((secret) => secret.length >= 6)
    .reduce((seen, secret) => seen.replaceAll(secret, "…"), text);
  const clean = secrets.reduce((seen, [pattern, shown]) => seen.replace(pattern, shown), blind);
  return cutText(cleanText(clean).trim(), answerLengthMax);
}
