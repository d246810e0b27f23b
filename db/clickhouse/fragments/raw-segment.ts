import { z } from "zod";
import { otherSegment } from "#lib/domain/segment.ts";

/** Raw rows of one segment; "" as the key is everything. The named values are needed for the segment of all others alone. */
export const rawSegmentParams = {
  segmentKey: z.string().default(""),
  segmentValue: z.string().default(""),
  segmentNames: z.array(z.string()).default([]),
};

export interface RawSegment {
  segmentKey?: string | undefined;
  segmentValue?: string | undefined;
}

export function rawSegmentCondition({ segmentKey = "", segmentValue }: RawSegment): string {
  if (segmentKey === "") return "";
  return segmentValue === otherSegment
    ? "AND NOT has({segmentNames: Array(String)}, toString(tags[{segmentKey: String}]))"
    : "AND tags[{segmentKey: String}] = {segmentValue: String}";
}
