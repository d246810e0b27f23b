import { z } from "zod";

export const escalationLimits = {
  policiesMax: 200,
  nameLengthMax: 80,
  levelsMax: 10,
  targetsMax: 10,
  destinationsMax: 10,
  waitMinutesMax: 1_440,
  repeatMax: 5,
  ackTimeoutMinutesMax: 1_440,
} as const;

/** How long an acknowledgement is believed when nothing is heard after it. */
export const ackTimeoutMinutesDefault = 30;

const escalationTargetSchema = z.object({
  kind: z.enum(["user", "schedule", "team"]),
  id: z.uuid(),
});
export type EscalationTarget = z.infer<typeof escalationTargetSchema>;

const escalationLevelSchema = z
  .object({
    targets: z.array(escalationTargetSchema).max(escalationLimits.targetsMax),
    /** Where the page goes beside the destinations of the teams among the targets. */
    destinationIds: z.array(z.uuid()).max(escalationLimits.destinationsMax),
    /** How long an acknowledgement is waited for before the next level. */
    waitMinutes: z.int().min(1).max(escalationLimits.waitMinutesMax),
  })
  .refine(hasSomebody, "must name at least one target or destination");
export type EscalationLevel = z.infer<typeof escalationLevelSchema>;

function hasSomebody(level: { targets: unknown[]; destinationIds: unknown[] }): boolean {
  return level.targets.length + level.destinationIds.length > 0;
}

export const escalationRulesSchema = z.object({
  levels: z.array(escalationLevelSchema).min(1).max(escalationLimits.levelsMax),
  /** How often all levels are gone through again. */
  repeatCount: z.int().min(0).max(escalationLimits.repeatMax),
  /** Null: an acknowledgement holds until the end. */
  ackTimeoutMinutes: z.int().min(1).max(escalationLimits.ackTimeoutMinutesMax).nullable(),
});
export type EscalationRules = z.infer<typeof escalationRulesSchema>;

/** A policy as it was when an incident began: an edit of it breaks no page that is on its way. */
export interface EscalationSnapshot {
  policyId: string;
  name: string;
  rules: EscalationRules;
}
