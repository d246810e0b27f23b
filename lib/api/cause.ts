import { queryOptions } from "@tanstack/react-query";
import { z } from "zod";
import { profileSubjectSchema } from "#lib/domain/model.ts";
import type { DriftScope } from "./drift.ts";
import { driftInput, driftReferenceOutput } from "./drift.ts";
import { segmentOutput } from "./model.ts";
import { modelPath, requestJson } from "./request.ts";

export const causeInput = driftInput.extend({
  subject: profileSubjectSchema.default("feature"),
  feature: z.string().max(128),
});

const causeKindSchema = z.enum([
  "unit_change",
  "offset",
  "sign_flip",
  "truncation",
  "default_flood",
  "null_flood",
  "duplicate_replay",
  "time_zone_shift",
  "relabelled",
]);

export const causeSchema = z.object({
  kind: causeKindSchema,
  /** What the column looks like, to stand after its name: "looks multiplied by 100". */
  phrase: z.string(),
  /** The share of the distance to the reference that is gone once the fault is undone; at most 1. */
  quality: z.number(),
  /** The figures of the fault by name: factor and offset, value and share, hours, step... */
  parameters: z.record(z.string(), z.string()),
  /** For new names: the reference's, and the window's; most frequent first. */
  pairs: z.array(z.object({ from: z.string(), to: z.string() })),
  residual: z.object({
    distance: z.number(),
    nullExpectation: z.number(),
    isWithinNoise: z.boolean(),
  }),
});

export const causeOutput = z.object({
  model: z.string(),
  environment: z.string(),
  version: z.string(),
  segment: segmentOutput,
  subject: profileSubjectSchema,
  feature: z.string(),
  from: z.iso.datetime(),
  until: z.iso.datetime(),
  reference: driftReferenceOutput.nullable(),
  /** causes: the first is the likeliest; no_simple_cause: it moved, and nothing simple explains it. */
  verdict: z.enum(["causes", "no_simple_cause", "no_move", "cannot_say"]),
  /** In words, always there, times in UTC: "amount looks multiplied by 100 since 2026-11-21 14:05 UTC; undoing it removes
   *  98 % of the distance." */
  sentence: z.string(),
  causes: z.array(causeSchema),
  /** Since when the column has been as it is; null where no point in time stands out. It lies between `earliest` and
   *  `latest` with 95 %. */
  since: z
    .object({
      at: z.iso.datetime(),
      earliest: z.iso.datetime(),
      latest: z.iso.datetime(),
    })
    .nullable(),
  /** The rows that the causes were fitted to: those of the window since then. */
  rowCount: z.int(),
  referenceCount: z.int(),
});
export type Causes = z.infer<typeof causeOutput>;

export const causeQuery = (
  workspace: string,
  model: string,
  scope: DriftScope & { subject?: string; feature: string },
) =>
  queryOptions({
    queryKey: ["cause", workspace, model, scope],
    queryFn: ({ signal }) =>
      requestJson({
        path: `${modelPath(workspace, model)}/drift/causes`,
        query: scope,
        output: causeOutput,
        signal,
      }),
  });
