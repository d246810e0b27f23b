import type { AnsweredRow } from "#db/clickhouse/queries/estimate-rows.ts";
import type { FeatureType } from "#lib/domain/model.ts";
import type { LossColumn } from "#lib/stats/performance/direct-loss.ts";
import { PREDICTION } from "#lib/stats/performance/direct-loss.ts";

export interface TypedFeature {
  name: string;
  type: FeatureType;
}

/** The features of rows, and what the model answered, as columns. */
export function toLossColumns(
  features: readonly TypedFeature[],
  rows: readonly AnsweredRow[],
): LossColumn[] {
  return [
    ...features.map(({ name, type }): LossColumn => {
      if (type === "numeric") {
        const values = rows.map((row) => numberOrNull(row.numericFeatures[name]));
        return { name, kind: "numeric", values };
      }
      const values = rows.map((row) => {
        const value =
          row.stringFeatures[name] ?? row.booleanFeatures[name] ?? row.numericFeatures[name];
        return value === undefined ? null : String(value);
      });
      return { name, kind: "categorical", values };
    }),
    { name: PREDICTION, kind: "numeric", values: rows.map((row) => numberOrNull(row.value)) },
  ];
}

/** The store quotes what is no finite number. */
export const numberOrNull = (value: unknown): number | null =>
  typeof value === "number" && Number.isFinite(value) ? value : null;
