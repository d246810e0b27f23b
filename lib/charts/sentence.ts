/** A sentence with its names and figures marked, so that a screen can set them apart and a test can read it whole. */
export interface SentencePart {
  kind: "text" | "name" | "figure";
  text: string;
}
export type Sentence = readonly SentencePart[];

type Piece = string | SentencePart | Sentence;

export const name = (text: string): SentencePart => ({ kind: "name", text });
export const figure = (text: string): SentencePart => ({ kind: "figure", text });

/** sentence`${name("eta")} has ${figure("12 rows")}.` */
export function sentence(texts: TemplateStringsArray, ...pieces: Piece[]): Sentence {
  const parts: SentencePart[] = [];
  texts.forEach((text, index) => {
    if (text !== "") parts.push({ kind: "text", text });
    const piece = pieces[index];
    if (piece === undefined || piece === "") return;
    if (typeof piece === "string") parts.push({ kind: "text", text: piece });
    else if ("kind" in piece) parts.push(piece);
    else parts.push(...piece);
  });
  return parts;
}

export const toPlainText = (parts: Sentence): string => parts.map(({ text }) => text).join("");

/** "1 row", "2 rows": the figure comes formatted, because 1.2 M is plural too. */
export function plural(count: number, one: string, many = `${one}s`): string {
  return count === 1 ? one : many;
}

/** "a", "a and b", "a, b and 3 more". */
export function listNames(names: readonly string[], shownMax = 2): Sentence {
  const shown = names.slice(0, shownMax);
  const rest = names.length - shown.length;
  const pieces: Sentence[] = shown.map((each) => [name(each)]);
  if (rest > 0) pieces.push([{ kind: "text", text: `${rest} more` }]);
  return pieces.flatMap((piece, index) => {
    if (index === 0) return [...piece];
    const joint = index === pieces.length - 1 ? " and " : ", ";
    return [{ kind: "text" as const, text: joint }, ...piece];
  });
}

/** What every page says first. `health` is null where the page has nothing to judge. */
export interface Answer {
  health: "breach" | "watch" | "unknown" | "healthy" | null;
  headline: Sentence;
  /** The second line: sample sizes, what was compared, what to do next. */
  detail: Sentence;
}
