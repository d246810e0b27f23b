import { z } from "zod";

/** The four states of health and no others; unknown is a state, never "healthy". */
export const healthStates = ["breach", "watch", "unknown", "healthy"] as const;
export const healthSchema = z.enum(healthStates);
export type Health = z.infer<typeof healthSchema>;

export const verdicts = ["drift", "no_drift", "cannot_say"] as const;
export const verdictSchema = z.enum(verdicts);
export type Verdict = z.infer<typeof verdictSchema>;

export const driftStatistics = ["psi", "jensen_shannon", "kolmogorov_smirnov"] as const;
export const driftStatisticSchema = z.enum(driftStatistics);
export type DriftStatistic = z.infer<typeof driftStatisticSchema>;

/** What a drift is measured against. */
export const driftReferences = ["baseline", "trailing"] as const;
export const driftReferenceSchema = z.enum(driftReferences);
export type DriftReference = z.infer<typeof driftReferenceSchema>;
