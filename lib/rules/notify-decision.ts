/** What one destination was told last of one incident. */
export interface LastTold {
  atMs: number;
  /** The alerts that it was told of as firing, and as resolved since. */
  firing: readonly string[];
  resolved: readonly string[];
}

export type NotifyReason = "first" | "new_alerts" | "all_resolved" | "some_resolved" | "repeat";

export interface NotifyFacts {
  last: LastTold | null;
  firing: readonly string[];
  resolved: readonly string[];
  sendsResolved: boolean;
  /** How long after the last message the same is said again; null: never. */
  repeatMs: number | null;
  nowMs: number;
}

export interface NotifyDecision {
  reason: NotifyReason | null;
  /** A resolve is noted even where it is not sent: what fires afterwards is a new beginning and not known already. */
  isSent: boolean;
  next: LastTold | null;
}

/** Whether a destination is told again; the first case that matches holds. */
export function decideNotification(facts: NotifyFacts): NotifyDecision {
  const { last, firing, resolved, sendsResolved, nowMs } = facts;
  const told = { atMs: nowMs, firing: [...firing], resolved: [...resolved] };
  const tell = (reason: NotifyReason): NotifyDecision => ({ reason, isSent: true, next: told });
  const nothing: NotifyDecision = { reason: null, isSent: false, next: last };
  const isFiring = firing.length > 0;
  if (last === null) return isFiring ? tell("first") : nothing;
  if (!isSubset(firing, last.firing))
    return tell(last.firing.length === 0 ? "first" : "new_alerts");
  if (!isFiring) {
    if (last.firing.length === 0) return nothing;
    return { reason: "all_resolved", isSent: sendsResolved, next: { ...told, firing: [] } };
  }
  if (sendsResolved && !isSubset(resolved, last.resolved)) return tell("some_resolved");
  if (facts.repeatMs !== null && nowMs >= last.atMs + facts.repeatMs) return tell("repeat");
  return nothing;
}

function isSubset(some: readonly string[], all: readonly string[]): boolean {
  const known = new Set(all);
  return some.every((one) => known.has(one));
}
