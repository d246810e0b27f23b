import { isOpenIncident } from "#lib/domain/incident.ts";
import type { NotificationKind } from "#lib/domain/notification.ts";
import type { IncidentSettings } from "./incident-settings.ts";
import type { LastTold } from "./notify-decision.ts";
import { decideNotification } from "./notify-decision.ts";
import type { IncidentFacts, Tell } from "./step-incident.ts";

export interface PlannedMessage {
  kind: NotificationKind;
  note: string | null;
  destinationIds: string[];
}

export interface MessagePlan {
  /** In the order in which they leave. */
  messages: PlannedMessage[];
  told: Map<string, LastTold>;
  /** A silence keeps something back that would be told otherwise. */
  isHeld: boolean;
  /** When to look again; null when only an event can change something. */
  nextAt: Date | null;
}

export interface PlanFacts {
  incidentId: string;
  facts: IncidentFacts;
  told: ReadonlyMap<string, LastTold>;
  /** Who is to hear of it as its monitors and owner stand now. */
  destinationIds: readonly string[];
  tells: readonly Tell[];
  /** How it ended, if it did so in this step. */
  resolvedBy: "alerts" | "person" | null;
  /** Where the deed came from: it is not told what it has just said. */
  exceptDestinationId?: string | undefined;
  isSilenced: boolean;
  settings: IncidentSettings;
  now: Date;
}

const silenceLookMs = 15_000;

/** Who is told what of an incident as it stands. What was told as firing is always told as resolved, silence or not, also where
 *  nobody wants to hear of it any more. */
export function planMessages(plan: PlanFacts): MessagePlan {
  const { facts, now } = plan;
  const told = new Map(plan.told);
  const messages: PlannedMessage[] = [];
  const dueMs: number[] = facts.ackUntil === null ? [] : [facts.ackUntil.getTime()];
  let isHeld = false;
  for (const destinationId of new Set([...plan.destinationIds, ...plan.told.keys()])) {
    const answer = answerOne(plan, destinationId);
    const isOrigin = destinationId === plan.exceptDestinationId;
    gather(messages, isOrigin ? answer.says.filter(isBeginning) : answer.says, destinationId);
    if (answer.last !== null) told.set(destinationId, answer.last);
    if (answer.dueMs !== null) dueMs.push(answer.dueMs);
    isHeld ||= answer.isHeld;
  }
  if (isHeld) dueMs.push(now.getTime() + silenceLookMs);
  messages.sort((a, b) => order.indexOf(a.kind) - order.indexOf(b.kind));
  return {
    messages,
    told,
    isHeld,
    nextAt: dueMs.length === 0 ? null : new Date(Math.min(...dueMs)),
  };
}

/** Beginnings leave before what follows from them, and the end last. */
const order: readonly NotificationKind[] = [
  "triggered",
  "reopened",
  "updated",
  "acknowledged",
  "escalated",
  "reminded",
  "mitigated",
  "resolved",
];

type Say = Omit<PlannedMessage, "destinationIds">;

interface Answer {
  says: readonly Say[];
  last: LastTold | null;
  dueMs: number | null;
  isHeld: boolean;
}

function answerOne(plan: PlanFacts, destinationId: string): Answer {
  const { facts, tells, settings, now } = plan;
  const last = plan.told.get(destinationId) ?? null;
  const nowMs = now.getTime();
  const isOpen = isOpenIncident(facts.state);
  const { firing, resolved } = alertSets(plan, isOpen);
  const silent: Answer = { says: [], last, dueMs: null, isHeld: false };
  const repeatMs = facts.state === "triggered" ? settings.repeatMs : null;
  const decision = decideNotification({
    last,
    firing,
    resolved,
    sendsResolved: true,
    repeatMs,
    nowMs,
  });
  if (decision.reason === "all_resolved")
    return { ...silent, says: [{ kind: "resolved", note: null }], last: decision.next };
  if (!plan.destinationIds.includes(destinationId)) return silent;
  if (!isOpen) return isUnheard(plan, last, resolved) ? tellBoth(last, resolved, nowMs) : silent;
  if (plan.isSilenced) return { ...silent, isHeld: decision.reason !== null || tells.length > 0 };
  switch (decision.reason) {
    case "first": {
      const dueMs = facts.notifyFrom.getTime();
      if (nowMs < dueMs) return { ...silent, dueMs };
      const says: Say[] = [{ kind: beginningAfter(last), note: null }];
      if (facts.state !== "triggered") says.push({ kind: heldKind(facts), note: null });
      says.push(
        ...tells.flatMap(({ kind, note, isWritten }) => (isWritten ? [{ kind, note }] : [])),
      );
      return { ...silent, says, last: decision.next, dueMs: repeatDue(nowMs, repeatMs) };
    }
    case "new_alerts":
    case "some_resolved": {
      const dueMs = (last?.atMs ?? nowMs) + settings.groupIntervalMs;
      if (nowMs < dueMs && tells.length === 0) return { ...silent, dueMs };
      const note =
        decision.reason === "new_alerts" ? "more alerts fire" : "some of its alerts have cleared";
      const says = tells.some(({ kind }) => kind === "updated")
        ? tells
        : [{ kind: "updated" as const, note }, ...tells];
      return { ...silent, says, last: decision.next, dueMs: repeatDue(nowMs, repeatMs) };
    }
    case "repeat":
      return {
        ...silent,
        says: tells.length > 0 ? tells : [{ kind: "reminded", note: "nobody has acknowledged it" }],
        last: decision.next,
        dueMs: repeatDue(nowMs, repeatMs),
      };
    case null: {
      if (last === null || tells.length === 0)
        return { ...silent, dueMs: last === null ? null : repeatDue(last.atMs, repeatMs) };
      return {
        ...silent,
        says: tells,
        last: { ...last, atMs: nowMs },
        dueMs: repeatDue(nowMs, repeatMs),
      };
    }
  }
}

/** What a person declared fires as long as it is open. */
function alertSets({ incidentId, facts }: PlanFacts, isOpen: boolean) {
  const ids = (state: string) =>
    facts.alerts.flatMap((one) => (one.state === state ? [one.id] : []));
  const declared = facts.endsByHand ? [incidentId] : [];
  const firing = isOpen ? [...ids("firing"), ...declared] : [];
  const resolved = [...ids("resolved"), ...(isOpen ? [] : declared)];
  return { firing, resolved };
}

/** It began and ended by itself before its first message could leave: neither is swallowed. */
function isUnheard(
  { resolvedBy, isSilenced }: PlanFacts,
  last: LastTold | null,
  resolved: readonly string[],
): boolean {
  if (resolvedBy !== "alerts" || isSilenced) return false;
  return resolved.some((id) => last === null || !last.resolved.includes(id));
}

function tellBoth(last: LastTold | null, resolved: string[], atMs: number): Answer {
  return {
    says: [
      { kind: beginningAfter(last), note: "it is over already" },
      { kind: "resolved", note: null },
    ],
    last: { atMs, firing: [], resolved },
    dueMs: null,
    isHeld: false,
  };
}

const isBeginning = ({ kind }: Say) => kind === "triggered" || kind === "reopened";
const beginningAfter = (last: LastTold | null) =>
  last === null ? ("triggered" as const) : ("reopened" as const);
const heldKind = ({ state }: IncidentFacts) =>
  state === "mitigated" ? ("mitigated" as const) : ("acknowledged" as const);
const repeatDue = (atMs: number, repeatMs: number | null) =>
  repeatMs === null ? null : atMs + repeatMs;

function gather(messages: PlannedMessage[], says: readonly Say[], destinationId: string): void {
  for (const { kind, note } of says) {
    const same = messages.find((message) => message.kind === kind && message.note === note);
    if (same === undefined) messages.push({ kind, note, destinationIds: [destinationId] });
    else same.destinationIds.push(destinationId);
  }
}
