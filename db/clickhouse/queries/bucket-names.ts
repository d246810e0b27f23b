import { z } from "zod";
import { defineQuery } from "../define-query.ts";

/** Classes that are profiled one by one; a model with more is looked at by its label and score. */
const classesMax = 100;

/** The names in the raw rows of one stretch of time: classes with a probability, features with a time of their own and,
 *  where `withFeatures`, every feature. One row. */
export const bucketNames = defineQuery({
  name: "bucketNames",
  params: z.object({
    modelId: z.uuid(),
    fromTime: z.date(),
    untilTime: z.date(),
    withFeatures: z.boolean(),
  }),
  row: z.object({
    classes: z.array(z.string()),
    ages: z.array(z.string()),
    features: z.array(z.string()),
  }),
  rowsMax: 1,
  timeoutMs: 300_000,
  sql: ({ withFeatures }) => {
    const keys = [
      "mapKeys(numeric_features)",
      "mapKeys(string_features)",
      "mapKeys(boolean_features)",
      "null_features",
    ];
    const features = withFeatures
      ? `arrayDistinct(arrayConcat(${keys.map((sql) => `groupUniqArrayArray(${sql})`).join(", ")}))`
      : "CAST([], 'Array(String)')";
    return `
    SELECT arraySort(groupUniqArrayArray(${classesMax})(mapKeys(probabilities))) AS classes,
      arraySort(groupUniqArrayArray(mapKeys(feature_timestamps))) AS ages,
      arraySort(${features}) AS features
    FROM predictions
    WHERE workspace_id = {workspaceId: UUID} AND model_id = {modelId: UUID}
      AND toStartOfFiveMinutes(timestamp) >= {fromTime: DateTime64(3)} AND toStartOfFiveMinutes(timestamp) < {untilTime: DateTime64(3)}
    LIMIT {rowsMax: UInt32} + 1`;
  },
});
