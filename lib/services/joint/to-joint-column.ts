import type { FeatureType } from "#lib/domain/model.ts";
import type { JointColumn } from "#lib/stats/multivariate/joint-columns.ts";

/** The features of a raw row, by name; the store quotes what is no finite number. */
export interface FeatureRow {
  numericFeatures: Record<string, number | string>;
  stringFeatures: Record<string, string>;
  booleanFeatures: Record<string, boolean>;
}

/** One feature of rows, read as its type. */
export function toJointColumn(
  name: string,
  type: FeatureType,
  rows: readonly FeatureRow[],
): JointColumn {
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
}

export const numberOrNull = (value: unknown): number | null =>
  typeof value === "number" && Number.isFinite(value) ? value : null;
