import { AppError } from "#lib/domain/errors.ts";
import type { ColumnName } from "#lib/domain/expression.ts";
import { parseExpression, placeOfExpression } from "#lib/domain/expression.ts";
import type { ExpressionSide } from "#lib/rules/evaluate-expression.ts";
import { evaluateExpression } from "#lib/rules/evaluate-expression.ts";
import type { ProfileSide } from "../drift/profile-side.ts";
import { lackOfRows } from "./read-drift.ts";
import type { SidesAsked, WindowReference } from "./read-sides.ts";
import { readBothSides, readSides } from "./read-sides.ts";
import type { KindReader, Reading, SeriesReading } from "./watch.ts";
import { seriesOf, unknownOf } from "./watch.ts";

/** What an expression over the statistics of columns comes to in each window. */
export const readExpression: KindReader = async (ctx, watch, windows) => {
  const { expression = "", sampleMin } = watch.question.definition;
  const parsed = parseExpression(expression);
  if (parsed.kind === "error") {
    const { line, column, message } = parsed.error;
    throw new AppError("invalid_request", `line ${line}, column ${column}: ${message}`);
  }
  const { root } = parsed;
  const found: SeriesReading[][] = windows.map(() => []);
  const asked = askedOf(parsed.columns);
  for (const side of watch.sides) {
    const { sides, references } = parsed.usesReference
      ? await readBothSides(ctx, watch, side, windows, asked)
      : {
          sides: await readSides(ctx, watch, side, windows, asked),
          references: windows.map((): WindowReference => unasked),
        };
    for (const [i, window] of windows.entries()) {
      const [here, there] = [sides[i], references[i]];
      if (here === undefined || there === undefined) continue;
      if (here.rowCount === 0 && !side.isExpected(window)) continue;
      found[i]?.push(
        here.rowCount < sampleMin
          ? unknownOf(watch, side, lackOfRows(here.rowCount, sampleMin))
          : { series: seriesOf(side), reading: evaluate(here, there) },
      );
    }
  }
  return found;

  function evaluate(here: ProfileSide, there: WindowReference): Reading {
    const answer = evaluateExpression(
      root,
      toExpressionSide(here),
      there.kind === "side" ? toExpressionSide(there.side) : { reason: there.reason },
    );
    if (answer.kind === "unknown") {
      const { line, column } = placeOfExpression(expression, answer.at);
      return { kind: "no_data", reason: `${answer.reason} (line ${line}, column ${column})` };
    }
    return {
      kind: "value",
      value: answer.value,
      lower: null,
      upper: null,
      sampleCount: here.rowCount,
    };
  }
};

const unasked = { kind: "lack", reason: "nothing is compared" } as const;

/** What is read for some columns. */
function askedOf(columns: readonly ColumnName[]): SidesAsked {
  return {
    subjects: [...new Set(columns.map(({ subject }) => subject))],
    features: columns.map(({ name }) => name),
  };
}

const toExpressionSide = ({ rowCount, keys }: ProfileSide): ExpressionSide => ({
  rowCount,
  profileOf: ({ subject, name }) =>
    keys.find((key) => key.subject === subject && key.feature === name)?.profile ?? null,
});
