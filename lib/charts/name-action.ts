import type { ActionRun } from "#lib/api/action.ts";
import type { ActionKind, ActionRunState } from "#lib/domain/action.ts";
import { finalRunStates } from "#lib/domain/action.ts";
import { sayMinutes } from "#lib/rules/step-action-run.ts";

export const actionKindNames: Record<ActionKind, string> = {
  retrain: "Retrain",
  roll_back: "Roll back",
  shift_traffic: "Shift traffic",
  mute: "Mute",
  custom: "Other",
};

/** What a run's state is beside the four states of health; null: it is under way, which is neither. */
export const runHealth: Record<ActionRunState, "healthy" | "watch" | "breach" | "unknown" | null> =
  {
    requested: null,
    checks_failed: "watch",
    waiting_for_approval: "watch",
    approved: null,
    sending: null,
    running: null,
    succeeded: "healthy",
    failed: "breach",
    outcome_unknown: "unknown",
    verifying: null,
    verified: "healthy",
    not_verified: "breach",
    verification_impossible: "unknown",
    rehearsed: null,
    declined: null,
    cancelled: null,
    expired: "watch",
  };

export const isRunOver = ({ state }: Pick<ActionRun, "state">): boolean =>
  state === "succeeded" || finalRunStates.includes(state);

/** Who asked, who agreed. */
export function sayWho({ requestedBy, decidedBy, state, isReaction }: ActionRun): string {
  const asked = `${isReaction ? "a reaction" : requestedBy.name} asked for it`;
  if (decidedBy === null) return asked;
  if (state === "declined") return `${asked}, ${decidedBy.name} declined`;
  if (state === "cancelled") return `${asked}, ${decidedBy.name} cancelled`;
  return `${asked}, ${decidedBy.name} approved`;
}

/** What has to hold and who has to agree, before anybody asks for it. */
export function sayRules({
  approval,
  approvalRole,
  verifyAfterMinutes,
  coolDownMinutes,
  dailyMax,
  isDryRun,
  checks,
}: {
  approval: "none" | "anybody" | "another";
  approvalRole: string;
  verifyAfterMinutes: number | null;
  coolDownMinutes: number;
  dailyMax: number | null;
  isDryRun: boolean;
  checks: {
    labelCoverageMin: number | null;
    noUpstreamIncident: boolean;
    challengerNotWorse: boolean;
  };
}): string[] {
  const person = `${approval === "another" ? "another " : ""}${approvalRole}`;
  const checked = [
    ...(checks.labelCoverageMin === null
      ? []
      : [`labels at least ${Math.round(checks.labelCoverageMin * 100)} % in`]),
    ...(checks.noUpstreamIncident ? ["no late or broken rows upstream"] : []),
    ...(checks.challengerNotWorse ? ["no challenger that is worse"] : []),
  ];
  return [
    ...(isDryRun ? ["Dry run: nothing is sent."] : []),
    approval === "none" ? "Nobody has to approve." : `Approved by ${person}.`,
    ...(checked.length === 0 ? [] : [`Checked before: ${checked.join(", ")}.`]),
    ...(coolDownMinutes === 0 ? [] : [`At most once in ${sayMinutes(coolDownMinutes)}.`]),
    ...(dailyMax === null ? [] : [`At most ${dailyMax} in 24 h.`]),
    verifyAfterMinutes === null
      ? "Not verified afterwards."
      : `The monitor is asked again after ${sayMinutes(verifyAfterMinutes)}.`,
  ];
}
