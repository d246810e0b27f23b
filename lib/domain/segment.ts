import { segmentLimits } from "./limits.ts";

/** The rows that share one value of a declared tag; the empty value is that of the rows which do not carry it. */
export interface Segment {
  key: string;
  value: string;
}

/** The rows of all values past the ones that are profiled by name. */
export const otherSegment = "*other*";

/** A key's named values, the rows without it among them, and all others together. */
export const segmentValuesMax = segmentLimits.valuesPerKeyMax + 1;
