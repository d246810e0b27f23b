import type { DriftStatistic, Verdict } from "#lib/domain/health.ts";

export const statisticNames: Record<DriftStatistic, string> = {
  psi: "PSI",
  jensen_shannon: "Jensen-Shannon",
  kolmogorov_smirnov: "Kolmogorov-Smirnov",
};

export const verdictNames: Record<Verdict, string> = {
  drift: "drift",
  no_drift: "no drift",
  cannot_say: "cannot say",
};

/** What a row of the drift page is about, in the reader's words. */
export function subjectLabel(subject: string, feature: string): string {
  if (subject === "feature") return feature;
  if (subject === "prediction") return feature === "" ? "prediction" : `prediction ${feature}`;
  return feature === ""
    ? subject.replaceAll("_", " ")
    : `${subject.replaceAll("_", " ")} ${feature}`;
}
