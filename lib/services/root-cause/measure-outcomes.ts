import type { OutcomeRow } from "#db/clickhouse/queries/outcome-rows.ts";
import type { Task } from "#lib/domain/model.ts";
import type { CauseMeasure, CauseTarget } from "#lib/domain/root-cause.ts";
import { findClassPair } from "#lib/stats/performance/binary-view.ts";
import { NO_PERFORMANCE } from "#lib/stats/performance/profile.ts";
import { exactCell } from "#lib/stats/performance/score-cells.ts";

/** Which number of a row stands for a target; `className` is the class that counts as 1, else "". */
export interface Measure {
  measure: CauseMeasure;
  className: string;
}

const decidedAt = 0.5;

/** What a target means for a task; a sentence where it means nothing. */
export function chooseMeasure(
  task: Task,
  target: CauseTarget,
  rows: readonly OutcomeRow[],
): Measure | string {
  switch (task) {
    case "regression":
      return { measure: target === "performance" ? "mae" : "value", className: "" };
    case "ranking":
      return target === "prediction"
        ? { measure: "score", className: "" }
        : "a ranking is right or wrong as a whole, and not row by row";
    case "multiclass":
      return target === "performance"
        ? { measure: "accuracy", className: "" }
        : "a model of several classes has no one number whose mean could move";
    case "binary": {
      const className = findPositive(rows);
      if (className === null) return "nothing says which class is the positive one";
      if (target === "performance") return { measure: "accuracy", className };
      const scored = rows.filter((row) => row.score !== null).length;
      const isScored = target === "prediction" && scored > rows.length / 2;
      return { measure: isScored ? "score" : "decided", className };
    }
  }
}

/** The target of each row; null where the row says nothing of it. */
export const toTargets = (rows: readonly OutcomeRow[], measure: Measure): (number | null)[] =>
  rows.map((row) => toTarget(row, measure));

function toTarget(row: OutcomeRow, { measure, className }: Measure): number | null {
  switch (measure) {
    case "value":
      return row.value;
    case "score":
      return row.score ?? (className === "" ? row.value : null);
    case "decided":
      return toShare(decidesFor(row, className));
    case "accuracy":
      return row.hasLabel === 0 ? null : toShare(isRight(row, className));
    case "mae":
      return row.value === null || row.labelNumber === null
        ? null
        : Math.abs(row.value - row.labelNumber);
  }
}

const toShare = (is: boolean | null) => (is === null ? null : Number(is));

function decidesFor({ decision, score }: OutcomeRow, className: string): boolean | null {
  if (decision !== "") return decision === className;
  return score === null ? null : score >= decidedAt;
}

function isRight(row: OutcomeRow, className: string): boolean | null {
  if (row.decision !== "") return row.decision === row.label;
  const decided = decidesFor(row, className);
  return decided === null ? null : decided === (row.label === className);
}

function findPositive(rows: readonly OutcomeRow[]): string | null {
  const kinds = new Map<string, { decision: string; label: string; count: number; sum: number }>();
  for (const { decision, label, score } of rows) {
    const key = `${decision}\u0000${label}`;
    const held = kinds.get(key) ?? { decision, label, count: 0, sum: 0 };
    if (score !== null) held.sum += score;
    kinds.set(key, { ...held, count: held.count + 1 });
  }
  const pairs = [...kinds.values()];
  const cells = pairs.map(({ decision, label, count, sum }) => ({
    ...exactCell(sum / count, null, null, count),
    className: "",
    decision,
    label,
  }));
  return findClassPair({ ...NO_PERFORMANCE, pairs, cells })?.positive ?? null;
}
