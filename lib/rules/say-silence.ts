import type { AlertLabels, SilenceLabel, SilenceMatcher } from "#lib/domain/silence.ts";
import { silenceLabels } from "#lib/domain/silence.ts";

export const labelNames: Record<SilenceLabel, string> = {
  model: "model",
  environment: "environment",
  version: "version",
  segment: "segment",
  feature: "feature",
  monitor: "monitor",
  cause_class: "cause",
  severity: "severity",
};

/** "model is eta, severity is sev4 or sev5, feature is not age". */
export function sayMatchers(matchers: readonly SilenceMatcher[]): string {
  return matchers
    .map(({ label, comparison, values }) => {
      const verb = comparison === "is" ? "is" : "is not";
      return `${labelNames[label]} ${verb} ${values.join(comparison === "is" ? " or " : " nor ")}`;
    })
    .join(", ");
}

/** "eta, production, region=eu, data_drift": what an alert is known by, without what it has not. */
export const sayLabels = (labels: AlertLabels): string =>
  silenceLabels.flatMap((label) => labels[label] ?? []).join(", ");
