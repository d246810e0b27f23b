import { hourPredictions } from "#db/clickhouse/queries/hour-predictions.ts";
import { markBuckets } from "#db/postgres/queries/dirty-buckets.ts";
import { grainMs } from "#lib/domain/grain.ts";
import { retentionDefaults } from "#lib/domain/limits.ts";
import type { ServiceContext } from "../context.ts";

const hourMs = grainMs["1h"];
const fiveMs = grainMs["5m"];
const beforeAnyRow = new Date(0);
/** A row may be a little ahead of the clock. */
const aheadMs = grainMs["1d"];

/** Has all stored rows of a model profiled and judged anew, in the transaction of the change that asks for it. Five minutes are
 *  marked as long as they are kept; their hours and days follow from them. Answers how many hours have rows. */
export async function markSegments(ctx: ServiceContext, modelId: string): Promise<number> {
  const { ch, pg, workspaceId, now, signal } = ctx;
  const untilTime = new Date(now.getTime() + aheadMs);
  const hours = await ch.query(
    hourPredictions,
    { modelId, fromTime: beforeAnyRow, untilTime },
    signal,
  );
  const fiveFromMs = now.getTime() - retentionDefaults.profile5mDays * grainMs["1d"];
  const starts = hours.map(({ hourSeconds }) => hourSeconds * 1000);
  const old = starts.filter((ms) => ms < fiveFromMs);
  const recent = starts
    .filter((ms) => ms >= fiveFromMs)
    .flatMap((ms) => Array.from({ length: hourMs / fiveMs }, (_, i) => ms + i * fiveMs));
  const profiles = { aspect: "profile" as const, workspaceId, modelId };
  await markBuckets(pg, profiles, "5m", recent, now);
  await markBuckets(pg, profiles, "1h", old, now);
  for (const aspect of ["performance", "skew"] as const)
    await markBuckets(pg, { ...profiles, aspect }, "1h", starts, now);
  return hours.length;
}
