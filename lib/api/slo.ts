import { queryOptions } from "@tanstack/react-query";
import { z } from "zod";
import { healthSchema } from "#lib/domain/health.ts";
import {
  burnUrgencySchema,
  objectiveSchema,
  sliceStateSchema,
  sloIndicatorSchema,
  sloLimits,
  sloPeriodSchema,
} from "#lib/domain/slo.ts";
import { requestJson, workspacePath } from "./request.ts";

const budgetSchema = z.object({
  from: z.iso.datetime(),
  until: z.iso.datetime(),
  /** Of slices or events: how many may be bad in the period, and what came of those that were looked at. */
  allowedCount: z.number(),
  totalCount: z.int(),
  settledGood: z.int(),
  settledBad: z.int(),
  provisionalGood: z.int(),
  provisionalBad: z.int(),
  unmeasured: z.int(),
  /** Shares of the budget: 1 is all of it, below 0 it is overspent. */
  spentSettled: z.number(),
  spentProvisional: z.number(),
  spentIfUnmeasuredBad: z.number(),
  remaining: z.number(),
  remainingLeast: z.number(),
  remainingMost: z.number(),
  /** Good among what was measured; null when nothing was. */
  attained: z.number().nullable(),
  health: healthSchema,
});
export type SloBudget = z.infer<typeof budgetSchema>;

const summarySchema = z.object({
  id: z.uuid(),
  name: z.string(),
  description: z.string(),
  model: z.string(),
  environment: z.string(),
  /** Null: every version that is seen. */
  version: z.string().nullable(),
  indicator: sloIndicatorSchema,
  objective: z.number(),
  period: sloPeriodSchema,
  badCountMin: z.int(),
  destinationIds: z.array(z.uuid()),
  isEnabled: z.boolean(),
  revision: z.int(),
  budget: budgetSchema,
  /** What burns now: the most urgent of what fires; null when nothing does, or nobody can say. */
  burning: burnUrgencySchema.nullable(),
  measuredUntil: z.iso.datetime().nullable(),
  /** Why it could not be measured last; empty when it could. */
  error: z.string(),
});
export type SloSummary = z.infer<typeof summarySchema>;

/** The worst budget first. */
export const sloListOutput = z.object({ slos: z.array(summarySchema) });

const burnSchema = z.object({ least: z.number(), most: z.number() }).nullable();
const verdictSchema = z.enum(["fire", "clear", "unknown"]);

export const sloInput = z.object({ sloId: z.uuid() });
export const sloOutput = summarySchema.extend({
  /** The budget over time; at most 120 points of equal length. Counts are of that stretch alone. */
  points: z.array(
    z.object({
      from: z.iso.datetime(),
      until: z.iso.datetime(),
      settledGood: z.int(),
      settledBad: z.int(),
      provisionalGood: z.int(),
      provisionalBad: z.int(),
      unmeasured: z.int(),
    }),
  ),
  /** Where the windows of the tiers end: what came later is not settled yet. Null: nothing is. */
  judgedUntil: z.iso.datetime().nullable(),
  tiers: z.array(
    z.object({
      name: z.string(),
      urgency: burnUrgencySchema,
      budgetPercent: z.number(),
      longMs: z.number(),
      shortMs: z.number(),
      factor: z.number(),
      /** Why it is not used; null when it is. */
      refusal: z.string().nullable(),
      /** How fast the budget burns in both windows now; null where nothing is known, or it is not used. */
      long: burnSchema,
      short: burnSchema,
      verdict: verdictSchema.nullable(),
      /** The faster tier that fires too, and speaks for it. */
      inhibitedBy: z.string().nullable(),
    }),
  ),
  /** The tier that counts bad ones over a quarter of the period. */
  countTier: z.object({
    windowMs: z.number(),
    badCountMin: z.int(),
    badCount: z.int(),
    unmeasuredCount: z.int(),
    verdict: verdictSchema,
  }),
  /** How the burn reads in words. */
  sentence: z.string(),
  /** The newest bad and unmeasured slices, at most 50. */
  slices: z.array(
    z.object({
      from: z.iso.datetime(),
      until: z.iso.datetime(),
      state: sliceStateSchema,
      goodCount: z.int(),
      badCount: z.int(),
      unmeasuredCount: z.int(),
      value: z.number().nullable(),
      reason: z.string(),
    }),
  ),
});
export type SloDetail = z.infer<typeof sloOutput>;

export const createSloInput = z.object({
  name: z.string().trim().min(1).max(sloLimits.nameLengthMax),
  description: z.string().trim().max(sloLimits.descriptionLengthMax).default(""),
  model: z.string().min(1).max(128),
  environment: z.string().min(1).max(128).default("production"),
  version: z.string().min(1).max(128).nullable().default(null),
  indicator: sloIndicatorSchema,
  objective: objectiveSchema,
  period: sloPeriodSchema,
  /** No burn fires before so many were bad: one failure pages nobody. */
  badCountMin: z.int().min(1).max(sloLimits.badCountMax).default(2),
  destinationIds: z.array(z.uuid()).max(sloLimits.destinationsMax).default([]),
  isEnabled: z.boolean().default(true),
});
export const sloIdOutput = z.object({ id: z.uuid() });
/** Model and indicator stay: another question is another objective. */
export const updateSloInput = sloInput.extend({
  name: createSloInput.shape.name.optional(),
  description: z.string().trim().max(sloLimits.descriptionLengthMax).optional(),
  objective: objectiveSchema.optional(),
  period: sloPeriodSchema.optional(),
  badCountMin: z.int().min(1).max(sloLimits.badCountMax).optional(),
  destinationIds: z.array(z.uuid()).max(sloLimits.destinationsMax).optional(),
  isEnabled: z.boolean().optional(),
  /** The one that was read: an edit of another is refused. */
  revision: z.int(),
});

export const importSlosInput = z.object({
  /** OpenSLO documents of version openslo/v1. */
  yaml: z.string().min(1).max(262_144),
  /** Says what would be made, and makes nothing. */
  isDryRun: z.boolean().default(false),
});
export const importSlosOutput = z.object({
  slos: z.array(z.object({ id: z.uuid().nullable(), name: z.string(), model: z.string() })),
  /** What the documents say that has no counterpart here, and was left out. */
  notes: z.array(z.string()),
});
export const exportSloOutput = z.object({ yaml: z.string() });

const slosPath = (workspace: string) => `${workspacePath(workspace)}/slos`;

export const sloListQuery = (workspace: string) =>
  queryOptions({
    queryKey: ["slo", workspace],
    queryFn: ({ signal }) =>
      requestJson({ path: slosPath(workspace), output: sloListOutput, signal }),
  });

export const sloQuery = (workspace: string, sloId: string) =>
  queryOptions({
    queryKey: ["slo", workspace, sloId],
    queryFn: ({ signal }) =>
      requestJson({ path: `${slosPath(workspace)}/${sloId}`, output: sloOutput, signal }),
  });

export const createSlo = (workspace: string, body: z.input<typeof createSloInput>) =>
  requestJson({ path: slosPath(workspace), method: "POST", body, output: sloIdOutput });

export const updateSlo = (workspace: string, { sloId, ...body }: z.input<typeof updateSloInput>) =>
  requestJson({
    path: `${slosPath(workspace)}/${sloId}`,
    method: "PATCH",
    body,
    output: sloIdOutput,
  });

export const deleteSlo = (workspace: string, sloId: string) =>
  requestJson({
    path: `${slosPath(workspace)}/${sloId}`,
    method: "DELETE",
    output: z.undefined(),
  });

export const importSlos = (workspace: string, body: z.input<typeof importSlosInput>) =>
  requestJson({
    path: `${slosPath(workspace)}/import`,
    method: "POST",
    body,
    output: importSlosOutput,
  });

export const exportSlo = (workspace: string, sloId: string) =>
  requestJson({
    path: `${slosPath(workspace)}/${sloId}/openslo`,
    output: exportSloOutput,
  });
