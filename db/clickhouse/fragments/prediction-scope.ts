import { z } from "zod";

/** Which rows of a model are asked for; null is any. Null chooses a fragment, so that what is left can use the indexes. */
export const predictionScope = z.object({
  modelId: z.uuid(),
  environment: z.string().nullable(),
  version: z.string().nullable(),
});

export function scopeConditions(scope: z.output<typeof predictionScope>): string {
  const conditions = [
    scope.environment === null ? "" : "AND environment = {environment: String}",
    scope.version === null ? "" : "AND version = {version: String}",
  ];
  return conditions.filter((condition) => condition !== "").join(" ");
}
