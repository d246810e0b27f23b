import type { CheckResult } from "#lib/domain/action.ts";
import type { Severity } from "#lib/domain/incident.ts";
import type { CauseClass } from "#lib/domain/monitor.ts";
import type { ReactionDefinition, ReactionOutcome } from "#lib/domain/reaction.ts";

/** The incident as far as a reaction chooses by it. */
export interface ReactedIncident {
  causeClass: CauseClass;
  severity: Severity;
  modelName: string | null;
  /** Of its model; null where it names none. */
  tier: number | null;
}

/** Why a reaction is not for an incident; null where it is. */
export function refuseIncident(
  { causeClasses, severities, tiers, models }: ReactionDefinition,
  { causeClass, severity, modelName, tier }: ReactedIncident,
): string | null {
  if (causeClasses.length > 0 && !causeClasses.includes(causeClass))
    return `not for ${causeClass.replaceAll("_", " ")}`;
  if (severities.length > 0 && !severities.includes(severity))
    return `not for ${severity.replace("sev", "SEV-")}`;
  if (models.length > 0 && (modelName === null || !models.includes(modelName)))
    return modelName === null ? "not for an incident without a model" : `not for ${modelName}`;
  if (tiers.length > 0 && (tier === null || !tiers.includes(tier)))
    return tier === null ? "not for an incident without a model" : `not for tier ${tier}`;
  return null;
}

export interface ReactionDecision {
  outcome: ReactionOutcome;
  reason: string;
}

/** What follows once its guards were asked. */
export function decideReaction(
  { isDryRun }: Pick<ReactionDefinition, "isDryRun">,
  guards: readonly CheckResult[],
): ReactionDecision {
  const failed = guards.filter(({ isHeld }) => !isHeld).map(({ reason }) => reason);
  if (failed.length > 0) return { outcome: "held_back", reason: `not run: ${failed.join("; ")}` };
  const held = guards.map(({ reason }) => reason);
  const because = held.length === 0 ? "nothing stands against it" : held.join("; ");
  return isDryRun
    ? { outcome: "dry_run", reason: `dry run, it would have run: ${because}` }
    : { outcome: "run", reason: because };
}
