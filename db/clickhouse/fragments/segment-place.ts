import { z } from "zod";
import { otherSegment } from "#lib/domain/segment.ts";

/** "" for everything; else a tag key, whose listed values are kept apart and all others together. */
export const segmentPlaceParams = {
  segmentKey: z.string(),
  segmentValues: z.array(z.string()).min(1),
};

/** Of which segment a raw row is: the place of its value in the list, from 1; 0 is any other value. */
export const segmentPlace = ({ segmentKey }: { segmentKey: string }) =>
  segmentKey === ""
    ? "toUInt64(1)"
    : "indexOf({segmentValues: Array(String)}, toString(tags[{segmentKey: String}]))";

/** The segment's columns, of a place called `segment`. */
export const segmentColumns = `{segmentKey: String} AS segment_key,
  if(segment = 0, '${otherSegment}', arrayElement({segmentValues: Array(String)}, segment)) AS segment_value`;
