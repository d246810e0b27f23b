/** Reads a file that scripts/stats-reference.py wrote, and says whether two numbers agree. */
import { readFileSync } from "node:fs";

/** The caller states the file's shape; a file of another shape fails its test at once. */
export const readReference = <T>(name: string): T =>
  JSON.parse(readFileSync(new URL(`../reference/${name}.json`, import.meta.url), "utf8")) as T;

export type Tolerance = { readonly rtol?: number; readonly atol?: number };

/** Undefined when they agree, else a sentence, so that a loop over many cases names the one that failed. */
export const disagreement = (
  actual: number | null,
  expected: number,
  { rtol = 0, atol = 0 }: Tolerance,
): string | undefined => {
  const allowed = atol + rtol * Math.abs(expected);
  if (actual !== null && Math.abs(actual - expected) <= allowed) return undefined;
  return `got ${actual}, expected ${expected} within ${allowed}`;
};
