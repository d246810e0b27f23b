import type { CauseClass, SeriesSubject } from "#lib/domain/monitor.ts";

/** An alert as far as it can explain another one or be explained by it. */
export interface CausalAlert {
  alertId: string;
  modelId: string;
  environment: string;
  causeClass: CauseClass;
  subject: SeriesSubject;
  column: string;
  segmentKey: string;
  segmentValue: string;
  /** When what it saw began, and when it was over; null while it fires. */
  beganAt: Date;
  endedAt: Date | null;
  /** As long as one window of its monitor. */
  windowMs: number;
}

const causes: readonly CauseClass[] = ["freshness", "schema", "data_quality"];
const effects: readonly CauseClass[] = ["data_drift", "performance", "training_serving_skew"];

/** Rows that are late or broken: whatever is done about a model then is done on them. */
export const isUpstreamCause = (causeClass: CauseClass): boolean => causes.includes(causeClass);

const graceMsMin = 3_600_000;
const graceWindows = 2;
const leadMsMin = 2 * 3_600_000;

/** How long an effect may outlive its cause before it counts on its own: its windows still hold the bad rows for a while. */
export const graceMsOf = ({ windowMs }: Pick<CausalAlert, "windowMs">): number =>
  Math.max(graceMsMin, graceWindows * windowMs);

/** Upstream explains downstream: rows that are late or broken make a model drift and err. Of the causes that may explain an alert the
 *  one that began first; null when none does. */
export function findCause(
  effect: CausalAlert,
  candidates: readonly CausalAlert[],
): CausalAlert | null {
  const found = candidates.filter((cause) => explains(cause, effect));
  const [first] = found.sort(
    (a, b) => a.beganAt.getTime() - b.beganAt.getTime() || a.alertId.localeCompare(b.alertId),
  );
  return first ?? null;
}

export function explains(cause: CausalAlert, effect: CausalAlert): boolean {
  return (
    cause.alertId !== effect.alertId &&
    causes.includes(cause.causeClass) &&
    effects.includes(effect.causeClass) &&
    cause.modelId === effect.modelId &&
    cause.environment === effect.environment &&
    reachesSegment(cause, effect) &&
    reachesColumn(cause, effect) &&
    reachesTime(cause, effect)
  );
}

/** What is wrong for everybody is wrong in each segment; the other way round nothing follows. */
function reachesSegment(cause: CausalAlert, effect: CausalAlert): boolean {
  if (cause.segmentKey === "") return true;
  return cause.segmentKey === effect.segmentKey && cause.segmentValue === effect.segmentValue;
}

/** A bad feature explains itself and what the model makes of it, but no other feature. */
function reachesColumn(cause: CausalAlert, effect: CausalAlert): boolean {
  if (cause.subject !== "feature") return true;
  return effect.subject !== "feature" || effect.column === cause.column;
}

/** It began within the span of the cause, or so shortly before that the windows' lengths explain the order. */
function reachesTime(cause: CausalAlert, effect: CausalAlert): boolean {
  const leadMs = Math.max(leadMsMin, cause.windowMs, effect.windowMs);
  const beganMs = effect.beganAt.getTime();
  if (beganMs < cause.beganAt.getTime() - leadMs) return false;
  return cause.endedAt === null || beganMs <= cause.endedAt.getTime() + graceMsOf(effect);
}
