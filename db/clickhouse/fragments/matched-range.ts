import { z } from "zod";

export const matchedParams = z.object({
  modelId: z.uuid(),
  environment: z.string(),
  firstVersion: z.string(),
  secondVersion: z.string(),
  fromTime: z.date(),
  untilTime: z.date(),
  sampleOf: z.int().min(1),
});

/** One row an id: one that was sent with two times is stored twice, and the last received holds. */
export const lastReceived = (columns: string, range: string) => `
        SELECT environment, prediction_id, ${columns}
        FROM predictions FINAL
        WHERE ${range}
        ORDER BY sequence DESC
        LIMIT 1 BY prediction_id`;

/** The predictions of one of two versions that are compared, on a sample by hash: the same ones whenever it is asked. `margin`: how far
 *  beyond the window they may lie. */
export function matchedRange(
  version: "firstVersion" | "secondVersion",
  margin: "" | "1 DAY",
  sampledBy: "prediction_id" | "group_id" | null,
): string {
  const shifted = (sign: string) => (margin === "" ? "" : ` ${sign} INTERVAL ${margin}`);
  return `workspace_id = {workspaceId: UUID} AND model_id = {modelId: UUID} AND environment = {environment: String}
          AND version = {${version}: String}
          AND toStartOfFiveMinutes(timestamp) >= toStartOfFiveMinutes({fromTime: DateTime64(3)}${shifted("-")})
          AND timestamp >= {fromTime: DateTime64(3)}${shifted("-")} AND timestamp < {untilTime: DateTime64(3)}${shifted("+")}
          ${sampledBy === null ? "" : `AND sipHash64(${sampledBy}) % {sampleOf: UInt32} = 0`}`;
}
