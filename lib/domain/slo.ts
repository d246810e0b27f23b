import { z } from "zod";
import { timeZoneNameMax } from "./weekly-window.ts";

export const sloLimits = {
  slosMax: 500,
  nameLengthMax: 120,
  descriptionLengthMax: 500,
  periodDaysMax: 90,
  badCountMax: 100_000,
  destinationsMax: 10,
} as const;

/** How urgent a burn is: somebody now, or somebody in working hours. */
export const burnUrgencies = ["page", "ticket"] as const;
export const burnUrgencySchema = z.enum(burnUrgencies);
export type BurnUrgency = z.infer<typeof burnUrgencySchema>;

/** What makes a slice of time, or an event, a good one. */
export const sloIndicatorSchema = z.discriminatedUnion("kind", [
  /** At the end of each five minutes the newest row in time is no older than this. */
  z.object({
    kind: z.literal("freshness"),
    ageMs: z
      .int()
      .min(1_000)
      .max(30 * 86_400_000),
  }),
  /** Each prediction is answered within this time. */
  z.object({
    kind: z.literal("latency"),
    latencyMs: z.number().min(0.001).max(86_400_000),
  }),
  /** At most so many of the features that can be judged drift in the day that ends with each hour. */
  z.object({
    kind: z.literal("drift"),
    reference: z.enum(["baseline", "trailing"]),
    driftedMax: z.int().min(0).max(10_000),
  }),
  /** At most so many features have values that are not as expected in the day that ends with each hour. */
  z.object({ kind: z.literal("quality"), problemMax: z.int().min(0).max(10_000) }),
  /** A metric of each hour's predictions, by the labels that came for them. */
  z.object({
    kind: z.literal("performance"),
    metric: z.string().min(1).max(64),
    operator: z.enum(["at_least", "at_most"]),
    threshold: z.number().min(-1e15).max(1e15),
  }),
]);
export type SloIndicator = z.infer<typeof sloIndicatorSchema>;
export type SloIndicatorKind = SloIndicator["kind"];

/** Slices of time are good or bad as a whole; occurrences are counted one by one. */
export const budgetingMethodOf = (kind: SloIndicatorKind): "time_slices" | "occurrences" =>
  kind === "latency" ? "occurrences" : "time_slices";

/** How often each indicator says something new. */
export const sliceMsOf: Record<SloIndicatorKind, number> = {
  freshness: 300_000,
  latency: 300_000,
  drift: 3_600_000,
  quality: 3_600_000,
  performance: 3_600_000,
};

/** Over which time a budget lasts: the days that end now, or a stretch of the calendar in a zone. */
export const sloPeriodSchema = z.discriminatedUnion("kind", [
  z.object({ kind: z.literal("rolling"), days: z.int().min(1).max(sloLimits.periodDaysMax) }),
  z.object({
    kind: z.literal("calendar"),
    unit: z.enum(["week", "month", "quarter"]),
    timeZone: z.string().min(1).max(timeZoneNameMax),
  }),
]);
export type SloPeriod = z.infer<typeof sloPeriodSchema>;

/** A share of one; neither none nor all, which leave no budget to speak of. */
export const objectiveSchema = z
  .number()
  .refine(isObjective, "must lie from 0.01 to 0.99999, as a share of one");

function isObjective(share: unknown): boolean {
  return typeof share === "number" && share >= 0.01 && share <= 0.99999;
}

/** What is known of a slice of time. `provisional`: judged, but labels of it are still coming. `unmeasured`: nobody can say, which is
 *  neither good nor bad. `idle`: nothing happened that could be either. */
const sliceStates = ["settled", "provisional", "unmeasured", "idle"] as const;
export const sliceStateSchema = z.enum(sliceStates);
export type SliceState = z.infer<typeof sliceStateSchema>;
