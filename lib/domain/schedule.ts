import { z } from "zod";
import {
  dayMinutes,
  timeZoneNameMax,
  weeklyWindowSchema,
  weeklyWindowsMax,
} from "./weekly-window.ts";

export const scheduleLimits = {
  schedulesMax: 200,
  nameLengthMax: 80,
  layersMax: 5,
  participantsMax: 50,
  everyMax: 168,
  overridesMax: 500,
  overrideDaysMax: 60,
  /** How much of it may be laid out at once. */
  shownDaysMax: 92,
} as const;

const datePattern = /^\d{4}-\d{2}-\d{2}$/;

/** A day of the calendar, such as 2026-11-02; the thirtieth of February is none. */
const dateSchema = z
  .string()
  .regex(datePattern)
  .refine(isDate, "must be a day of the calendar, such as 2026-11-02");

function isDate(date: unknown): boolean {
  const text = String(date);
  const ms = Date.parse(`${text}T00:00:00Z`);
  return datePattern.test(text) && ms > 0 && new Date(ms).toISOString().startsWith(text);
}

/** Whoever is next takes over every so many hours, days or weeks, at this minute of the wall clock, counted from this day. */
const rotationSchema = z.object({
  unit: z.enum(["hour", "day", "week"]),
  every: z.int().min(1).max(scheduleLimits.everyMax),
  startsOn: dateSchema,
  handoverMinute: z
    .int()
    .min(0)
    .max(dayMinutes - 1),
});
export type Rotation = z.infer<typeof rotationSchema>;

const scheduleLayerSchema = z.object({
  name: z.string().trim().min(1).max(scheduleLimits.nameLengthMax),
  /** In their order; whoever stands in it twice comes twice. */
  participants: z.array(z.uuid()).min(1).max(scheduleLimits.participantsMax),
  rotation: rotationSchema,
  /** The hours of the week in which it stands before the layers below it; none is always. */
  windows: z.array(weeklyWindowSchema).max(weeklyWindowsMax),
});
export type ScheduleLayer = z.infer<typeof scheduleLayerSchema>;

export const scheduleDefinitionSchema = z.object({
  timeZone: z.string().min(1).max(timeZoneNameMax),
  /** The lowest first; it has no windows, so that somebody is always on call. */
  layers: z
    .array(scheduleLayerSchema)
    .min(1)
    .max(scheduleLimits.layersMax)
    .refine(isAlwaysCovered, "must have no windows in the first layer: somebody is always on call"),
});
export type ScheduleDefinition = z.infer<typeof scheduleDefinitionSchema>;

function isAlwaysCovered(layers: readonly { windows: readonly unknown[] }[]): boolean {
  return layers[0]?.windows.length === 0;
}

/** Somebody else for a while. Of those that overlap, the last in the list holds. */
export interface ScheduleOverride {
  userId: string;
  fromTime: Date;
  untilTime: Date;
}

export interface Schedule extends ScheduleDefinition {
  overrides: readonly ScheduleOverride[];
}
