import { z } from "zod";

/** Which segment's profiles are asked for; both "" for everything. */
export const segmentParams = {
  segmentKey: z.string().default(""),
  segmentValue: z.string().default(""),
};

export const segmentConditions =
  "segment_key = {segmentKey: String} AND segment_value = {segmentValue: String}";
