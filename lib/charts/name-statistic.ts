import type { DriftMeasure, Verdict } from "#lib/domain/health.ts";

export const statisticNames: Record<DriftMeasure, string> = {
  psi: "PSI",
  jensen_shannon: "Jensen-Shannon",
  kolmogorov_smirnov: "Kolmogorov-Smirnov",
  wasserstein: "Wasserstein",
  wasserstein_normed: "Wasserstein / std",
  energy: "Energy distance",
  cramer_von_mises: "Cramér-von Mises",
  mean_change: "Change of mean",
  hellinger: "Hellinger",
  kullback_leibler: "Kullback-Leibler",
  total_variation: "Total variation",
  l_infinity: "L-infinity",
  chi_squared: "Chi-squared",
  g_test: "G",
  cramers_v: "Cramér's V",
  cramers_v_corrected: "Cramér's V, corrected",
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
  return feature === "" || feature === subject
    ? subject.replaceAll("_", " ")
    : `${subject.replaceAll("_", " ")} ${feature}`;
}
