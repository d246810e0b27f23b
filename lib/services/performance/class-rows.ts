import type { AnsweredRow } from "#db/clickhouse/queries/estimate-rows.ts";
import type { ClassRow } from "#lib/stats/performance/multiclass-estimate.ts";
import { numberOrNull } from "../joint/to-joint-column.ts";

/** A row's score of each class; what it decided is what it said, a number being the class of that name, else the likeliest. */
export function toClassRow(
  { probabilities, decision, value }: AnsweredRow,
  classes: readonly string[],
): ClassRow {
  const scores = classes.map((name) => numberOrNull(probabilities[name]) ?? 0);
  const number = numberOrNull(value);
  if (decision !== "") return { scores, decision };
  if (number !== null) return { scores, decision: String(number) };
  return { scores, decision: classes[scores.indexOf(Math.max(...scores))] ?? "" };
}
