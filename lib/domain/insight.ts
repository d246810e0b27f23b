import { z } from "zod";

/** What is measured of an incident, from which moment to which. */
export const insightMeasures = ["detect", "acknowledge", "mitigate", "resolve"] as const;
export const insightMeasureSchema = z.enum(insightMeasures);
export type InsightMeasure = z.infer<typeof insightMeasureSchema>;

/** The definition of each, printed beside every number. */
export const measureDefinitions: Record<InsightMeasure, string> = {
  detect: "from where the impact began to where it was detected",
  acknowledge: "from where it was detected to the first acknowledgement",
  mitigate: "from where the impact began to where it was mitigated",
  resolve: "from where the impact began to where it was resolved",
};

export const quantileMethod =
  "Median and p90 interpolate linearly between the sorted durations (Hyndman and Fan, type 7).";

export const insightLimits = { daysMax: 400, incidentsMax: 5_000, judgedMin: 4 } as const;

/** What became of an action item: done and not back since, done and back, opened again, not done yet, and never to be done. */
export const itemOutcomes = ["held", "came_back", "reopened", "open", "wont_do"] as const;
export const itemOutcomeSchema = z.enum(itemOutcomes);
export type ItemOutcome = z.infer<typeof itemOutcomeSchema>;
