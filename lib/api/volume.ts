import { queryOptions } from "@tanstack/react-query";
import { z } from "zod";
import type { ModelScope } from "./model.ts";
import { segmentOutput, segmentScopeInput } from "./model.ts";
import { modelPath, requestJson } from "./request.ts";

export const volumeInput = segmentScopeInput;

const judgedHourSchema = z.object({
  from: z.iso.datetime(),
  /** 0 is a value once the model has been seen; null: not profiled yet. */
  rowCount: z.int().nullable(),
  verdict: z.enum(["usual", "low", "high", "cannot_say"]),
  /** Null where the past is too short; `reason` says how short. */
  expected: z.number().nullable(),
  lower: z.int().nullable(),
  upper: z.int().nullable(),
  reason: z.string(),
});
export type VolumeHour = z.infer<typeof judgedHourSchema>;

export const volumeOutput = z.object({
  model: z.string(),
  environment: z.string(),
  segment: segmentOutput,
  from: z.iso.datetime(),
  until: z.iso.datetime(),
  rowCount: z.int(),
  previousRowCount: z.int(),
  /** Null for one segment: labels and refused rows carry no tags. */
  labelCount: z.int().nullable(),
  /** At least: of a flood of refused rows only some are kept. */
  rejectedCount: z.int().nullable(),
  bucketMs: z.int(),
  buckets: z.array(z.iso.datetime()),
  /** One line per version, rows per bucket; null where the bucket is not profiled yet. */
  versions: z.array(z.object({ version: z.string(), rowCounts: z.array(z.int().nullable()) })),
  /** Buckets in which rows of the model still wait for their profile, of whichever version. */
  waitingBucketCount: z.int(),
  /** Complete hours, at most the newest 168 of the window, each against its own season: the same hour of the week in the eight
   *  weeks before, on the wall clock of the workspace's time zone. */
  hours: z.object({
    zone: z.string(),
    series: z.array(judgedHourSchema),
    /** The newest hour whose rows are known; null where there is none. */
    last: judgedHourSchema.nullable(),
  }),
});
export type Volume = z.infer<typeof volumeOutput>;

export const volumeQuery = (workspace: string, model: string, scope: ModelScope) =>
  queryOptions({
    queryKey: ["volume", workspace, model, scope],
    queryFn: ({ signal }) =>
      requestJson({
        path: `${modelPath(workspace, model)}/volume`,
        query: scope,
        output: volumeOutput,
        signal,
      }),
  });
