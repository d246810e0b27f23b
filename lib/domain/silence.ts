import { z } from "zod";
import { timeZoneNameMax, weeklyWindowSchema, weeklyWindowsMax } from "./weekly-window.ts";

/** What an alert is known by where silences are concerned. The model is named, the monitor has its id, a segment reads key=value. */
export const silenceLabels = [
  "model",
  "environment",
  "version",
  "segment",
  "feature",
  "monitor",
  "cause_class",
  "severity",
] as const;
const silenceLabelSchema = z.enum(silenceLabels);
export type SilenceLabel = z.infer<typeof silenceLabelSchema>;

/** All of them said: null where an alert has none, as an alert on a whole model has no feature. */
export type AlertLabels = Readonly<Record<SilenceLabel, string | null>>;

export const silenceLimits = {
  /** Of one that holds all the time: what is hidden for longer is forgotten. */
  daysMax: 30,
  /** Of maintenance that comes back every week. */
  maintenanceDaysMax: 366,
  matchersMax: 10,
  valuesMax: 50,
  valueLengthMax: 256,
  reasonLengthMax: 500,
  openMax: 500,
} as const;

export const silenceMatcherSchema = z.object({
  label: silenceLabelSchema,
  comparison: z.enum(["is", "is_not"]),
  values: z
    .array(z.string().min(1).max(silenceLimits.valueLengthMax))
    .min(1)
    .max(silenceLimits.valuesMax),
});
export type SilenceMatcher = z.infer<typeof silenceMatcherSchema>;

/** Maintenance: holds in these hours of the week only, by the wall clock of the zone. */
export const silenceRecurrenceSchema = z.object({
  timeZone: z.string().min(1).max(timeZoneNameMax),
  windows: z.array(weeklyWindowSchema).min(1).max(weeklyWindowsMax),
});
export type SilenceRecurrence = z.infer<typeof silenceRecurrenceSchema>;

/** What decides whether a silence hides an alert. All matchers must hold. */
export interface Silence {
  id: string;
  matchers: readonly SilenceMatcher[];
  startsAt: Date;
  endsAt: Date;
  /** When somebody ended it before its time. */
  expiredAt: Date | null;
  /** It ends by itself once it has hidden nothing for so long. */
  quietMinutes: number | null;
  /** When it last hid something. */
  lastHidAt: Date | null;
  recurrence: SilenceRecurrence | null;
}

/** `waiting`: maintenance between two of its windows. What has ended stays ended. */
const silenceStates = ["pending", "active", "waiting", "ended"] as const;
export const silenceStateSchema = z.enum(silenceStates);
export type SilenceState = z.infer<typeof silenceStateSchema>;
