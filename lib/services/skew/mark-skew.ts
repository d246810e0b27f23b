import { hourPredictions } from "#db/clickhouse/queries/hour-predictions.ts";
import { offlinePresence } from "#db/clickhouse/queries/row-presence.ts";
import { markBuckets } from "#db/postgres/queries/dirty-buckets.ts";
import { grainMs } from "#lib/domain/grain.ts";
import type { ServiceContext } from "../context.ts";

const beforeAnyRow = new Date(0);
/** A row may be a little ahead of the clock. */
const aheadMs = grainMs["1d"];

/** Has all stored pairs of a model compared anew, in the transaction of the change that asks for it, and what monitors say of them judged
 *  again. */
export async function markSkew(ctx: ServiceContext, modelId: string): Promise<void> {
  const { ch, pg, workspaceId, now, signal } = ctx;
  const [presence] = await ch.query(offlinePresence, { modelId }, signal);
  if (presence?.isPresent !== true) return;
  const untilTime = new Date(now.getTime() + aheadMs);
  const times = { fromTime: beforeAnyRow, untilTime };
  const hours = await ch.query(hourPredictions, { modelId, ...times }, signal);
  const starts = hours.map(({ hourSeconds }) => hourSeconds * 1000);
  await markBuckets(pg, { aspect: "skew", workspaceId, modelId }, "1h", starts, now);
}
