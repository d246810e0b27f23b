import { z } from "zod";

/** The four states of health and no others; unknown is a state, never "healthy". */
export const healthStates = ["breach", "watch", "unknown", "healthy"] as const;
export const healthSchema = z.enum(healthStates);
export type Health = z.infer<typeof healthSchema>;

export const verdicts = ["drift", "no_drift", "cannot_say"] as const;
export const verdictSchema = z.enum(verdicts);
export type Verdict = z.infer<typeof verdictSchema>;

/** What a heat map and a series over time can show: it needs no more of a window than its counts between cuts. */
export const driftStatistics = ["psi", "jensen_shannon", "kolmogorov_smirnov"] as const;
export const driftStatisticSchema = z.enum(driftStatistics);
export type DriftStatistic = z.infer<typeof driftStatisticSchema>;

/** All statistics of drift, those of a whole window included. */
const driftMeasures = [
  ...driftStatistics,
  "wasserstein",
  "wasserstein_normed",
  "energy",
  "cramer_von_mises",
  "mean_change",
  "hellinger",
  "kullback_leibler",
  "total_variation",
  "l_infinity",
  "chi_squared",
  "g_test",
  "cramers_v",
  "cramers_v_corrected",
] as const;
export const driftMeasureSchema = z.enum(driftMeasures);
export type DriftMeasure = z.infer<typeof driftMeasureSchema>;

/** The unit of a measure; `column` is that of the feature itself, `deviation` a standard deviation of the reference. */
const driftUnits = ["nat", "bit", "share", "column", "column_root", "deviation", "none"] as const;
export const driftUnitSchema = z.enum(driftUnits);

/** What a verdict asks of a feature: of its values, and of each rate on its own. */
const driftQuestions = [
  "values",
  "missing",
  "nan",
  "infinite",
  "type_violations",
  "out_of_range",
  "unseen",
] as const;
export const driftQuestionSchema = z.enum(driftQuestions);

/** What a drift is measured against: the baseline; the days before the window (at least a week); the window of equal length
 *  just before; the same hours a week earlier; a window that is named; the same window of another version. */
const driftReferences = [
  "baseline",
  "trailing",
  "previous",
  "last_week",
  "window",
  "version",
] as const;
export const driftReferenceSchema = z.enum(driftReferences);
export type DriftReference = z.infer<typeof driftReferenceSchema>;

/** Against which every version is judged hour by hour, without being asked. */
export const evaluatedReferences = ["baseline", "trailing"] as const satisfies DriftReference[];

/** By whose rules a table of drift is made: ours, or those of a tool of the field. */
export const driftProfiles = ["plumbline", "nannyml", "evidently", "tfdv", "scipy"] as const;
export const driftProfileSchema = z.enum(driftProfiles);
export type DriftProfile = z.infer<typeof driftProfileSchema>;
