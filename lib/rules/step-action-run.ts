import type {
  ActionDefinition,
  ActionRunMode,
  ActionRunState,
  CheckResult,
} from "#lib/domain/action.ts";
import { actionLimits } from "#lib/domain/action.ts";

/** All of a run that decides what may happen to it. */
export interface RunFacts {
  state: ActionRunState;
  mode: ActionRunMode;
  /** How often it was claimed to be sent. */
  attempt: number;
  definition: Pick<
    ActionDefinition,
    | "isIdempotent"
    | "outcome"
    | "reportMinutesMax"
    | "approval"
    | "approvalMinutesMax"
    | "verifyAfterMinutes"
  >;
  requestedAt: Date;
  succeededAt: Date | null;
  /** It is about an incident, so that there is something to ask again. */
  hasIncident: boolean;
  /** An earlier attempt left, and nobody knows whether it was done. */
  isMaybeDone: boolean;
}

export type RunEvent =
  | { kind: "checked"; checks: readonly CheckResult[] }
  /** Before the first call: what held when it was asked for may hold no more once somebody approved. */
  | { kind: "rechecked"; checks: readonly CheckResult[] }
  | { kind: "approve"; by: string }
  | { kind: "decline"; by: string; reason: string }
  | { kind: "cancel"; by: string; reason: string }
  /** Nobody agreed in time. */
  | { kind: "expire" }
  /** The worker takes it to send it. */
  | { kind: "claim" }
  | { kind: "rehearse" }
  | { kind: "answered"; answer: SendAnswer }
  /** The worker's claim ran out. `wasSent`: a first byte may have left. */
  | { kind: "lost"; wasSent: boolean }
  | { kind: "reported"; outcome: "succeeded" | "failed"; message: string }
  | { kind: "report_overdue" }
  /** What a person found out. */
  | { kind: "was_done"; by: string }
  | { kind: "was_not_done"; by: string }
  | { kind: "send_again"; by: string }
  | { kind: "verified"; sentence: string }
  | { kind: "not_verified"; sentence: string }
  | { kind: "verification_impossible"; sentence: string };

/** What became of one call. */
export type SendAnswer =
  | { kind: "done"; status: number }
  | { kind: "refused"; status: number | null; text: string }
  /** Ours: it is not sent at all. */
  | { kind: "not_allowed"; text: string }
  /** Certain: the endpoint has not begun. */
  | { kind: "not_sent"; text: string; afterMs: number | null }
  | { kind: "unknown"; status: number | null; text: string };

export type RunStep =
  | {
      kind: "changed";
      state: ActionRunState;
      /** What its log and the incident's timeline say. */
      sentence: string;
      /** When the worker has something to do with it; null: never by itself. */
      dueAt: Date | null;
      succeededAt: Date | null;
      isMaybeDone: boolean;
    }
  | { kind: "unchanged" }
  | { kind: "refused"; message: string };

const minuteMs = 60_000;
const againMs = 15_000;

/** What an event makes of a run. The only place that knows which state follows which. */
export function stepActionRun(facts: RunFacts, event: RunEvent, now: Date): RunStep {
  const { state, definition, attempt } = facts;
  const refuse = (what: string): RunStep => ({
    kind: "refused",
    message: `A run that is ${runStateNames[state].toLowerCase()} can't be ${what}.`,
  });
  const change = (
    next: ActionRunState,
    sentence: string,
    more: { dueAt?: Date; succeededAt?: Date; isMaybeDone?: true } = {},
  ): RunStep => ({
    kind: "changed",
    state: next,
    sentence,
    dueAt: more.dueAt ?? null,
    succeededAt: more.succeededAt ?? facts.succeededAt,
    isMaybeDone: more.isMaybeDone ?? facts.isMaybeDone,
  });
  const after = (ms: number) => new Date(now.getTime() + ms);
  const succeed = (sentence: string): RunStep => {
    const waitMinutes = definition.verifyAfterMinutes;
    if (facts.mode !== "real" || waitMinutes === null || !facts.hasIncident)
      return change("succeeded", sentence, { succeededAt: now });
    const dueAt = after(waitMinutes * minuteMs);
    return change(
      "verifying",
      `${sentence} The monitor is asked again after ${sayMinutes(waitMinutes)}`,
      {
        dueAt,
        succeededAt: now,
      },
    );
  };
  const lose = (why: string): RunStep => {
    if (definition.isIdempotent && attempt < actionLimits.attemptsMax)
      return change(
        "approved",
        `${why} It is sent again under the same key, as the endpoint allows`,
        { dueAt: after(againMs), isMaybeDone: true },
      );
    return change(
      "outcome_unknown",
      `${why} Nobody knows whether it was done: find out, then say so here`,
      { isMaybeDone: true },
    );
  };
  /** Certain of the last attempt; it says nothing about one before it. */
  const giveUp = (sentence: string): RunStep =>
    facts.isMaybeDone
      ? change("outcome_unknown", `${sentence}. Whether it was done before is still not known`)
      : change("failed", sentence);

  switch (event.kind) {
    case "checked": {
      if (state !== "requested") return refuse("checked");
      const failed = event.checks.filter(({ isHeld }) => !isHeld);
      if (failed.length > 0)
        return change("checks_failed", `Not run: ${failed.map(({ reason }) => reason).join("; ")}`);
      if (definition.approval !== "none" && facts.mode !== "test") {
        const dueAt = after(definition.approvalMinutesMax * minuteMs);
        const who = definition.approval === "another" ? "somebody else" : "somebody";
        return change("waiting_for_approval", `It waits until ${who} approves`, { dueAt });
      }
      return change("approved", "No approval is needed", { dueAt: now });
    }
    case "rechecked": {
      const failed = event.checks.filter(({ isHeld }) => !isHeld);
      if (state !== "approved" || attempt > 0 || failed.length === 0) return { kind: "unchanged" };
      const why = failed.map(({ reason }) => reason).join("; ");
      return change("checks_failed", `Not sent, it holds no more: ${why}`);
    }
    case "approve":
      if (state === "approved" || isUnderWay(state)) return { kind: "unchanged" };
      if (state !== "waiting_for_approval") return refuse("approved");
      return change("approved", `${event.by} approved it`, { dueAt: now });
    case "decline":
      if (state !== "waiting_for_approval") return refuse("declined");
      return change("declined", `${event.by} declined it${because(event.reason)}`);
    case "cancel":
      if (!isBeforeSending(state)) return refuse("cancelled");
      if (facts.isMaybeDone)
        return {
          kind: "refused",
          message: "It may be done already, so that it can't be cancelled.",
        };
      return change("cancelled", `${event.by} cancelled it${because(event.reason)}`);
    case "expire":
      if (state !== "waiting_for_approval") return { kind: "unchanged" };
      return change(
        "expired",
        `Nobody approved it within ${sayMinutes(definition.approvalMinutesMax)}`,
      );
    case "claim":
      if (state !== "approved") return refuse("sent");
      return change(
        "sending",
        attempt === 0 ? "It is being sent" : "It is being sent again under the same key",
      );
    case "rehearse":
      if (state !== "approved" || facts.mode !== "dry_run") return refuse("rehearsed");
      return change("rehearsed", "A dry run: everything was checked, and nothing was sent");
    case "answered": {
      // A worker that was slow, and taken for dead, brings what nobody else knows.
      const isLate = state === "outcome_unknown" && isClear(event.answer);
      if (state !== "sending" && !isLate) return { kind: "unchanged" };
      return onAnswer(event.answer);
    }
    case "lost":
      if (state !== "sending") return { kind: "unchanged" };
      if (event.wasSent) return lose("The worker ended while it was being sent.");
      if (attempt >= actionLimits.attemptsMax)
        return giveUp("Nothing was sent: the worker ended before it could be, again and again");
      return change(
        "approved",
        "The worker ended before anything was sent; it is sent by another",
        {
          dueAt: now,
        },
      );
    case "reported":
      if (state !== "running" && state !== "sending" && state !== "outcome_unknown")
        return { kind: "unchanged" };
      return event.outcome === "succeeded"
        ? succeed(`The endpoint reports that it is done${because(event.message)}.`)
        : change("failed", `The endpoint reports that it failed${because(event.message)}`);
    case "report_overdue":
      if (state !== "running") return { kind: "unchanged" };
      return change(
        "outcome_unknown",
        `No report came within ${sayMinutes(definition.reportMinutesMax)}. Nobody knows whether it was done: find out, then say so here`,
        { isMaybeDone: true },
      );
    case "was_done":
      if (state !== "outcome_unknown") return refuse("settled by hand");
      return succeed(`${event.by} found that it was done.`);
    case "was_not_done":
      if (state !== "outcome_unknown") return refuse("settled by hand");
      return change("failed", `${event.by} found that it was not done`);
    case "send_again":
      if (state !== "outcome_unknown") return refuse("sent again");
      return change("approved", `${event.by} has it sent again under the same key`, {
        dueAt: now,
        isMaybeDone: true,
      });
    case "verified":
    case "not_verified":
    case "verification_impossible":
      if (state !== "verifying") return { kind: "unchanged" };
      return change(event.kind, event.sentence);
  }

  function onAnswer(answer: SendAnswer): RunStep {
    switch (answer.kind) {
      case "done":
        if (definition.outcome === "report") {
          const dueAt = after(definition.reportMinutesMax * minuteMs);
          return change(
            "running",
            `The endpoint took it (${answer.status}); its report is waited for`,
            {
              dueAt,
            },
          );
        }
        return succeed(`The endpoint did it (${answer.status}).`);
      case "refused": {
        const status = answer.status === null ? "" : ` (${answer.status})`;
        return change("failed", `The endpoint refused it${status}${because(answer.text)}`);
      }
      case "not_allowed":
        return giveUp(`Nothing was sent${because(answer.text)}`);
      case "not_sent":
        if (attempt < actionLimits.attemptsMax)
          return change("approved", `Nothing was sent${because(answer.text)}; it is tried again`, {
            dueAt: after(answer.afterMs ?? againMs),
          });
        return giveUp(`Nothing was sent in ${attempt} attempts${because(answer.text)}`);
      case "unknown":
        return lose(`It was sent, and no clear answer came${because(answer.text)}.`);
    }
  }
}

const isClear = ({ kind }: SendAnswer) => kind === "done" || kind === "refused";

const because = (text: string) => (text.trim() === "" ? "" : `: ${text.trim().replace(/\.$/, "")}`);

export function sayMinutes(minutes: number): string {
  if (minutes % 1_440 === 0) return `${minutes / 1_440} d`;
  return minutes % 60 === 0 ? `${minutes / 60} h` : `${minutes} min`;
}

/** Nothing has left yet. */
export const isBeforeSending = (state: ActionRunState): boolean =>
  state === "requested" || state === "waiting_for_approval" || state === "approved";

const isUnderWay = (state: ActionRunState): boolean =>
  state === "sending" || state === "running" || state === "verifying" || state === "succeeded";

export const runStateNames: Record<ActionRunState, string> = {
  requested: "Requested",
  checks_failed: "Not run",
  waiting_for_approval: "Waiting for approval",
  approved: "Approved",
  sending: "Being sent",
  running: "Running",
  succeeded: "Succeeded",
  failed: "Failed",
  outcome_unknown: "Outcome unknown",
  verifying: "Being verified",
  verified: "Verified",
  not_verified: "Not verified",
  verification_impossible: "Can't be verified",
  rehearsed: "Dry run",
  declined: "Declined",
  cancelled: "Cancelled",
  expired: "Expired",
};
