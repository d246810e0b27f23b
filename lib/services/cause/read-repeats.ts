import { replayedRows } from "#db/clickhouse/queries/replayed-rows.ts";
import type { FeatureType } from "#lib/domain/model.ts";
import type { Repeats } from "#lib/stats/causes/explain-move.ts";
import { featureProfileOf } from "#lib/stats/feature-profile.ts";
import type { FeatureValue } from "#lib/stats/profile-counts.ts";
import type { ServiceContext } from "../context.ts";
import { readAsType } from "../drift/read-as-type.ts";
import type { ResolvedScope } from "../model/resolve-scope.ts";
import { readRawSegment } from "../segment/resolve-segment.ts";

const contentsLookedAt = 20_000;
/** More rows than this take longer to hash than a page may wait. */
const rowsMax = 500_000;
const dayMs = 86_400_000;

type RepeatedRow = Awaited<ReturnType<typeof readContents>>[number];

/** Rows that were sent again under ids of their own; null where there are too many to look at. A day's repeats are expected
 *  to be those of the day before. */
export async function readRepeats(
  ctx: Pick<ServiceContext, "ch" | "signal">,
  scope: ResolvedScope,
  feature: string,
  type: FeatureType,
  window: { fromMs: number; untilMs: number; rowCount: number },
): Promise<Repeats | null> {
  const spanMs = window.untilMs - window.fromMs;
  if (spanMs > 2 * dayMs || window.rowCount > rowsMax) return null;
  const sampleOf = Math.max(1, Math.ceil(window.rowCount / contentsLookedAt));
  const segment = await readRawSegment(ctx, scope);
  const asked = { ...segment, feature, sampleOf };
  const [now, before] = await Promise.all([
    readContents(ctx, scope, asked, window.fromMs, window.untilMs),
    readContents(ctx, scope, asked, window.fromMs - dayMs, window.untilMs - dayMs),
  ]);
  const counted = countRepeats(now);
  const expected = countRepeats(before);
  if (counted.rowCount === 0) return null;
  const values = now.flatMap((row) => (row.earlierCount > 0 ? [] : [readValue(row)]));
  return {
    ...counted,
    expectedShare: expected.rowCount === 0 ? 0 : expected.repeatedCount / expected.rowCount,
    withoutRepeats: readAsType(featureProfileOf(values), type),
  };
}

function readContents(
  ctx: Pick<ServiceContext, "ch" | "signal">,
  scope: ResolvedScope,
  asked: Awaited<ReturnType<typeof readRawSegment>> & { feature: string; sampleOf: number },
  fromMs: number,
  untilMs: number,
) {
  return ctx.ch.query(
    replayedRows,
    {
      modelId: scope.modelId,
      environment: scope.environment,
      version: scope.version,
      ...asked,
      beforeTime: new Date(fromMs - dayMs),
      fromTime: new Date(fromMs),
      untilTime: new Date(untilMs),
    },
    ctx.signal,
  );
}

/** The first row of a content is no repeat, unless it came before the window. */
function countRepeats(rows: readonly RepeatedRow[]): { rowCount: number; repeatedCount: number } {
  let rowCount = 0;
  let repeatedCount = 0;
  for (const row of rows) {
    rowCount += row.rowCount;
    repeatedCount += row.earlierCount > 0 ? row.rowCount : row.rowCount - 1;
  }
  return { rowCount, repeatedCount };
}

function readValue(row: RepeatedRow): FeatureValue {
  if (row.isNull) return null;
  if (row.stringValue !== null) return row.stringValue;
  if (row.booleanValue !== null) return row.booleanValue;
  switch (row.numericValue) {
    case null:
      return undefined;
    case "nan":
    case "-nan":
      return Number.NaN;
    case "inf":
      return Number.POSITIVE_INFINITY;
    case "-inf":
      return Number.NEGATIVE_INFINITY;
    default:
      return row.numericValue;
  }
}
