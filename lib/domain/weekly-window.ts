import { z } from "zod";

export const dayMinutes = 1_440;
export const weekMinutes = 7 * dayMinutes;

/** Hours of a week by the wall clock of a zone that stands beside it. From 1, Monday, to 7, Sunday; one that ends at or before the
 *  minute at which it starts ends on the next day. */
export const weeklyWindowSchema = z.object({
  weekdays: z.array(z.int().min(1).max(7)).min(1).max(7),
  fromMinute: z
    .int()
    .min(0)
    .max(dayMinutes - 1),
  untilMinute: z.int().min(1).max(dayMinutes),
});
export type WeeklyWindow = z.infer<typeof weeklyWindowSchema>;

export const weeklyWindowsMax = 21;
export const timeZoneNameMax = 64;
