import type { DestinationKind } from "#lib/domain/destination.ts";

const second = 1_000;
const minute = 60 * second;
const hour = 60 * minute;

/** By Standard Webhooks: what is waited after the first attempt, the second and so on; three days in all. */
const webhookDelaysMs = [
  5 * second,
  5 * minute,
  30 * minute,
  2 * hour,
  5 * hour,
  10 * hour,
  14 * hour,
  20 * hour,
  24 * hour,
];

const doublingMs = 30 * second;
const delayMsMax = 15 * minute;
/** A lifetime of its own, whatever else is set: after a day nobody waits for a page any more. */
const lifetimeMs = 24 * hour;
/** Later only, so that what failed together does not come back together. */
const jitterShare = 0.1;

export interface AttemptHistory {
  kind: DestinationKind;
  /** Made so far, the one that just failed included. */
  attempts: number;
  /** When it was asked for. */
  lifetimeFrom: Date;
  now: Date;
  /** What the receiver asked for. */
  afterMs: number | null;
  /** Between 0 and 1. */
  random: number;
}

/** When it is tried again; null when it is given up. */
export function nextAttempt(history: AttemptHistory): Date | null {
  const { now, afterMs, random, lifetimeFrom, kind } = history;
  const ownMs = delayOf(history);
  if (ownMs === null) return null;
  const delayMs =
    afterMs === null ? ownMs * (1 + jitterShare * random) : waitFor(kind, ownMs, afterMs);
  const next = new Date(now.getTime() + Math.round(delayMs));
  if (kind === "webhook") return next;
  return next.getTime() > lifetimeFrom.getTime() + lifetimeMs ? null : next;
}

/** A webhook's slots are far apart already: it is never called sooner than its next one. */
function waitFor(kind: DestinationKind, ownMs: number, afterMs: number): number {
  return kind === "webhook" ? Math.max(ownMs, afterMs) : Math.max(second, afterMs);
}

function delayOf({ kind, attempts }: AttemptHistory): number | null {
  switch (kind) {
    case "webhook":
      return webhookDelaysMs[attempts - 1] ?? null;
    case "pagerduty":
      return doubled(attempts);
    case "slack_webhook":
    case "slack_bot":
    case "alertmanager":
    case "email":
      // A hiccup is over soon, and somebody waits.
      return attempts === 1 ? 5 * second : doubled(attempts - 1);
  }
}

const doubled = (attempts: number) =>
  Math.min(delayMsMax, doublingMs * 2 ** Math.min(20, Math.max(0, attempts - 1)));

/** How long a destination rests after each message: what it allows as a rule, not once it complains. */
export function spacingMs(kind: DestinationKind): number {
  switch (kind) {
    case "slack_webhook":
    case "slack_bot":
      return second;
    case "pagerduty":
      return 500;
    case "alertmanager":
    case "email":
    case "webhook":
      return 0;
  }
}
