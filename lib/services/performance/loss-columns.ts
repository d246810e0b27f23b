import type { AnsweredRow } from "#db/clickhouse/queries/estimate-rows.ts";
import type { FeatureType } from "#lib/domain/model.ts";
import type { JointColumn } from "#lib/stats/multivariate/joint-columns.ts";
import { PREDICTION } from "#lib/stats/performance/direct-loss.ts";
import { numberOrNull, toJointColumn } from "../joint/to-joint-column.ts";

export interface TypedFeature {
  name: string;
  type: FeatureType;
}

/** The features of rows, and what the model answered, as columns. */
export function toLossColumns(
  features: readonly TypedFeature[],
  rows: readonly AnsweredRow[],
): JointColumn[] {
  return [
    ...features.map(({ name, type }) => toJointColumn(name, type, rows)),
    { name: PREDICTION, kind: "numeric", values: rows.map((row) => numberOrNull(row.value)) },
  ];
}
