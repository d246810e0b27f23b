import type { Reaction } from "#lib/api/reaction.ts";
import type { Severity } from "#lib/domain/incident.ts";
import type { CauseClass } from "#lib/domain/monitor.ts";
import type { ReactionDefinition, ReactionEvent } from "#lib/domain/reaction.ts";
import { sayMinutes } from "#lib/rules/step-action-run.ts";
import { readShare } from "./draft-action.ts";

export const reactionEventNames: Record<ReactionEvent, string> = {
  opened: "it is opened",
  acknowledged: "it is acknowledged",
  mitigated: "it is mitigated",
  resolved: "it is resolved",
  still_open: "it is still open after a while",
};

/** What a person types. */
export interface ReactionDraft {
  name: string;
  actionId: string;
  event: ReactionEvent;
  afterMinutes: string;
  causeClasses: CauseClass[];
  severities: Severity[];
  tiers: string[];
  models: string[];
  coverage: string;
  noUpstream: boolean;
  challenger: boolean;
  coolDown: string;
  dailyMax: string;
  isDryRun: boolean;
}

export const emptyReactionDraft: ReactionDraft = {
  name: "",
  actionId: "",
  event: "opened",
  afterMinutes: "30",
  causeClasses: [],
  severities: [],
  tiers: [],
  models: [],
  coverage: "",
  noUpstream: true,
  challenger: false,
  coolDown: "60",
  dailyMax: "3",
  isDryRun: true,
};

export function draftOfReaction({ name, actionId, definition }: Reaction): ReactionDraft {
  const { guards } = definition;
  return {
    name,
    actionId,
    event: definition.event,
    afterMinutes: String(definition.afterMinutes ?? 30),
    causeClasses: definition.causeClasses,
    severities: definition.severities,
    tiers: definition.tiers.map(String),
    models: definition.models,
    coverage:
      guards.labelCoverageMin === null
        ? ""
        : String(Math.round(guards.labelCoverageMin * 1_000) / 10),
    noUpstream: guards.noUpstreamIncident,
    challenger: guards.challengerNotWorse,
    coolDown: String(guards.coolDownMinutes),
    dailyMax: String(guards.dailyMax),
    isDryRun: definition.isDryRun,
  };
}

/** As the API takes it; what is no number goes as it is, so that the server says so in its own words. */
export function readReactionDraft(draft: ReactionDraft): ReactionDefinition {
  const read = (text: string) => Number(text.trim().replace(",", "."));
  return {
    event: draft.event,
    afterMinutes: draft.event === "still_open" ? read(draft.afterMinutes) : null,
    causeClasses: draft.causeClasses,
    severities: draft.severities,
    tiers: draft.tiers.map(Number).sort((a, b) => a - b),
    models: draft.models,
    guards: {
      labelCoverageMin: readShare(draft.coverage),
      noUpstreamIncident: draft.noUpstream,
      challengerNotWorse: draft.challenger,
      coolDownMinutes: read(draft.coolDown),
      dailyMax: read(draft.dailyMax),
    },
    isDryRun: draft.isDryRun,
  };
}

/** "When an incident of data drift, SEV-1 or SEV-2, is opened." */
export function sayReaction(definition: ReactionDefinition): string {
  const { event, afterMinutes, causeClasses, severities, tiers, models } = definition;
  const parts = [
    ...(causeClasses.length === 0
      ? []
      : [`of ${join(causeClasses.map((each) => each.replaceAll("_", " ")))}`]),
    ...(severities.length === 0
      ? []
      : [join(severities.map((each) => each.replace("sev", "SEV-")))]),
    ...(tiers.length === 0 ? [] : [`tier ${join(tiers.map(String))}`]),
    ...(models.length === 0 ? [] : [`on ${join(models)}`]),
  ];
  const which = parts.length === 0 ? "any incident" : `an incident ${parts.join(", ")}`;
  const when =
    event === "still_open" ? `is still open after ${sayMinutes(afterMinutes ?? 0)}` : `is ${event}`;
  return `When ${which} ${when}`;
}

const join = (words: readonly string[]): string => {
  const last = words.at(-1) ?? "";
  return words.length < 2 ? last : `${words.slice(0, -1).join(", ")} or ${last}`;
};

export function sayGuards({ guards }: ReactionDefinition): string {
  const parts = [
    ...(guards.labelCoverageMin === null
      ? []
      : [`labels at least ${Math.round(guards.labelCoverageMin * 100)} % in`]),
    ...(guards.noUpstreamIncident ? ["no late or broken rows upstream"] : []),
    ...(guards.challengerNotWorse ? ["no challenger that is worse"] : []),
    ...(guards.coolDownMinutes === 0 ? [] : [`once in ${sayMinutes(guards.coolDownMinutes)}`]),
    `at most ${guards.dailyMax} in 24 h`,
  ];
  return parts.join(", ");
}
