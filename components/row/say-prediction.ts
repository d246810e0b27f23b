import type { Prediction } from "#lib/api/prediction.ts";
import { formatNumber } from "#lib/charts/format-number.ts";

/** What came out, in a word: "late (0.81)", "42.1". */
export function sayPrediction({ prediction }: Prediction): string {
  switch (prediction.kind) {
    case "none":
      return "none";
    case "number":
      return formatNumber(prediction.value);
    case "class":
    case "object": {
      const score = prediction.score === null ? "" : ` (${formatNumber(prediction.score)})`;
      const main = prediction.label === "" ? formatNumber(prediction.value) : prediction.label;
      return `${main}${score}`;
    }
  }
}

export function sayValue(value: number | string | boolean | null): string {
  if (value === null) return "missing";
  return typeof value === "string" ? value : String(value);
}
