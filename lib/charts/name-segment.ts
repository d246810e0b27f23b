import type { Segment } from "#lib/domain/segment.ts";
import { otherSegment } from "#lib/domain/segment.ts";
import type { Sentence } from "./sentence.ts";
import { name, sentence } from "./sentence.ts";

/** A value of a tag, as people read it: the empty one and the rest have no name of their own. */
export function nameSegmentValue(value: string): string {
  if (value === "") return "not tagged";
  return value === otherSegment ? "all other values" : value;
}

/** "region = eu", "region not tagged", "all other values of region". */
export function describeSegment({ key, value }: Segment): string {
  if (value === "") return `${key} not tagged`;
  return value === otherSegment ? `all other values of ${key}` : `${key} = ${value}`;
}

/** The model, and of which of its rows a page speaks: "eta (region = eu)". */
export function nameModelSegment({
  model,
  segment,
}: {
  model: string;
  segment: Segment | null;
}): Sentence {
  return segment === null
    ? [name(model)]
    : sentence`${name(model)} (${name(describeSegment(segment))})`;
}
