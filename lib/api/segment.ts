import { queryOptions } from "@tanstack/react-query";
import { z } from "zod";
import { modelInput } from "./model.ts";
import { modelPath, requestJson } from "./request.ts";

/** A tag's name, as rows carry it. */
const segmentKeySchema = z.string().min(1).max(128);

export const segmentKeysInput = modelInput;

export const segmentKeysOutput = z.object({
  keys: z.array(
    z.object({
      key: z.string(),
      declaredAt: z.iso.datetime(),
      /** Its values that have been profiled, at most 100 and `*other*`; "" are the rows without the tag. Newest first. */
      values: z.array(z.object({ value: z.string(), lastSeenAt: z.iso.datetime() })),
    }),
  ),
  keysMax: z.int(),
  valuesPerKeyMax: z.int(),
  /** Tags of stored rows that are not declared; those with most rows first, at most 50. */
  suggestions: z.array(
    z.object({
      key: z.string(),
      /** Distinct values, and rows that carry it, among the rows that were looked at. */
      valueCount: z.int(),
      rowCount: z.int(),
    }),
  ),
  /** How many of the newest rows were looked at for suggestions. */
  suggestionRowCount: z.int(),
});
export type SegmentKeys = z.infer<typeof segmentKeysOutput>;

export const createSegmentKeyInput = modelInput.extend({ segmentKey: segmentKeySchema });

/** Hours of stored rows that are now profiled by the key. */
export const createSegmentKeyOutput = z.object({ key: z.string(), backfillHourCount: z.int() });

export const deleteSegmentKeyInput = modelInput.extend({ segmentKey: segmentKeySchema });

const segmentPath = (workspace: string, model: string) => `${modelPath(workspace, model)}/segments`;

export const segmentKeysQuery = (workspace: string, model: string) =>
  queryOptions({
    queryKey: ["segment", workspace, model, "keys"],
    queryFn: ({ signal }) =>
      requestJson({
        path: `${segmentPath(workspace, model)}/keys`,
        output: segmentKeysOutput,
        signal,
      }),
  });

export const createSegmentKey = (workspace: string, model: string, segmentKey: string) =>
  requestJson({
    path: `${segmentPath(workspace, model)}/keys`,
    method: "POST",
    body: { segmentKey },
    output: createSegmentKeyOutput,
  });

export const deleteSegmentKey = (workspace: string, model: string, segmentKey: string) =>
  requestJson({
    path: `${segmentPath(workspace, model)}/keys/${encodeURIComponent(segmentKey)}`,
    method: "DELETE",
    output: z.undefined(),
  });
