import type { Severity } from "#lib/domain/incident.ts";
import { severities } from "#lib/domain/incident.ts";
import type { CauseClass } from "#lib/domain/monitor.ts";

/** What is known of the failure: how wide it is and whether a loss was measured. */
export type FailureBreadth = "loss_for_all" | "loss_for_some" | "no_measured_loss" | "unmeasured";

export interface FailureFacts {
  causeClass: CauseClass;
  /** It is about one segment's value and not about everybody. */
  isSegment: boolean;
  /** Of an objective: its budget burns fast enough to page. */
  isFastBurn?: boolean;
}

/** Of the four tiers of a model, from critical to low. */
const matrix: Record<FailureBreadth, readonly [Severity, Severity, Severity, Severity]> = {
  loss_for_all: ["sev1", "sev2", "sev3", "sev4"],
  loss_for_some: ["sev2", "sev3", "sev3", "sev4"],
  no_measured_loss: ["sev3", "sev4", "sev4", "sev5"],
  unmeasured: ["sev3", "sev3", "sev4", "sev5"],
};

/** Business impact of the model by kind and breadth of the failure. A tier that nobody knows counts as the worst next to it. */
export function computeSeverity(tier: number, breadth: FailureBreadth): Severity {
  const [critical, high, medium, low] = matrix[breadth];
  if (tier <= 1) return critical;
  if (tier <= 2) return high;
  return tier <= 3 ? medium : low;
}

export function breadthOf({
  causeClass,
  isSegment,
  isFastBurn = false,
}: FailureFacts): FailureBreadth {
  switch (causeClass) {
    case "performance":
    case "volume":
      return isSegment ? "loss_for_some" : "loss_for_all";
    case "fairness":
      return "loss_for_some";
    case "slo":
      return isFastBurn ? "loss_for_some" : "no_measured_loss";
    case "data_drift":
    case "training_serving_skew":
    case "freshness":
    case "data_quality":
    case "schema":
    case "latency":
    case "other":
      return "no_measured_loss";
  }
}

/** The worst of some; null of none. */
export function worstOf(found: readonly Severity[]): Severity | null {
  return severities.find((severity) => found.includes(severity)) ?? null;
}
