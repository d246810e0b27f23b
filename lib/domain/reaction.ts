import { z } from "zod";
import { actionChecksSchema, actionLimits } from "./action.ts";
import { severitySchema } from "./incident.ts";
import { causeClasses } from "./monitor.ts";

/** The state of an incident that is reacted to. `still_open`: so long after it was found. */
const reactionEvents = ["opened", "acknowledged", "mitigated", "resolved", "still_open"] as const;
export const reactionEventSchema = z.enum(reactionEvents);
export type ReactionEvent = z.infer<typeof reactionEventSchema>;

/** `held_back`: a guard said no. `not_meant`: the reaction is for other incidents. */
const reactionOutcomes = ["run", "dry_run", "held_back", "not_meant"] as const;
export const reactionOutcomeSchema = z.enum(reactionOutcomes);
export type ReactionOutcome = z.infer<typeof reactionOutcomeSchema>;

export const reactionLimits = {
  perWorkspaceMax: 50,
  nameLengthMax: 80,
  modelsMax: 50,
  listedMax: 200,
} as const;

export const reactionDefinitionSchema = z
  .object({
    event: reactionEventSchema,
    /** Of `still_open`. */
    afterMinutes: z.int().min(1).max(actionLimits.waitMinutesMax).nullable().default(null),
    /** For which incidents; an empty list is all of them. */
    causeClasses: z.array(z.enum(causeClasses)).max(causeClasses.length).default([]),
    severities: z.array(severitySchema).max(5).default([]),
    tiers: z.array(z.int().min(1).max(5)).max(5).default([]),
    models: z.array(z.string().min(1).max(128)).max(reactionLimits.modelsMax).default([]),
    /** What must hold besides what the action itself checks. */
    guards: actionChecksSchema
      .extend({
        coolDownMinutes: z.int().min(0).max(actionLimits.coolDownMinutesMax).default(60),
        dailyMax: z.int().min(1).max(actionLimits.dailyMax).default(3),
      })
      .default({
        labelCoverageMin: null,
        noUpstreamIncident: false,
        challengerNotWorse: false,
        coolDownMinutes: 60,
        dailyMax: 3,
      }),
    isDryRun: z.boolean().default(true),
  })
  .refine(({ event, afterMinutes }) => (event === "still_open") === (afterMinutes !== null), {
    path: ["afterMinutes"],
    error: "expected minutes where the event is still_open, and null elsewhere",
  });
export type ReactionDefinition = z.output<typeof reactionDefinitionSchema>;
