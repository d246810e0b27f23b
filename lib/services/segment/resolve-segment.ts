import { namedSegmentValues } from "#db/clickhouse/queries/segment-values.ts";
import type { PostgresScope } from "#db/postgres/scope.ts";
import { AppError } from "#lib/domain/errors.ts";
import type { Segment } from "#lib/domain/segment.ts";
import { otherSegment } from "#lib/domain/segment.ts";
import type { ServiceContext } from "../context.ts";
import { getSegmentKeys } from "./get-segment-keys.ts";

export interface SegmentQuery {
  segmentKey?: string | undefined;
  segmentValue?: string | undefined;
}

/** Of which rows a question is asked; null: of all. Half a segment, or one of a key that nobody declared, is refused: it would
 *  be believed to hold. */
export async function resolveSegment(
  scope: PostgresScope,
  model: { id: string; name: string },
  { segmentKey = "", segmentValue }: SegmentQuery,
): Promise<Segment | null> {
  if (segmentKey === "") {
    if (segmentValue === undefined || segmentValue === "") return null;
    throw lacks("segmentKey", "is needed beside segmentValue: a declared key");
  }
  if (segmentValue === undefined)
    throw lacks("segmentValue", "is needed beside segmentKey: empty for rows without the tag");
  await getSegmentKeys(scope, model, segmentKey);
  return { key: segmentKey, value: segmentValue };
}

function lacks(path: string, message: string): AppError {
  return new AppError("invalid_request", `The segment can't be used: \`${path}\` ${message}.`, {
    details: [{ path, message }],
  });
}

/** As every query of profiles takes it. */
export function segmentParamsOf({ segment }: { segment?: Segment | null | undefined }) {
  return { segmentKey: segment?.key ?? "", segmentValue: segment?.value ?? "" };
}

/** As every query of raw rows takes it: "all others" are those that none of the named values has. */
export async function readRawSegment(
  { ch, signal }: Pick<ServiceContext, "ch" | "signal">,
  scope: { modelId: string; segment?: Segment | null | undefined },
) {
  const params = segmentParamsOf(scope);
  if (params.segmentValue !== otherSegment) return { ...params, segmentNames: [] };
  const { modelId } = scope;
  const { segmentKey } = params;
  const named = await ch.query(namedSegmentValues, { modelId, segmentKey }, signal);
  return { ...params, segmentNames: named.map((row) => row.value) };
}
