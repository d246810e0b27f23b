import { pieceParams } from "#db/clickhouse/fragments/profile-window.ts";
import { profiledRowCount, rawRowCount } from "#db/clickhouse/queries/row-counts.ts";
import type { WindowTimes } from "#db/postgres/queries/evaluated-window.ts";
import type { ServiceContext } from "../context.ts";
import type { ResolvedScope } from "../model/resolve-scope.ts";
import { readRawSegment, segmentParamsOf } from "../segment/resolve-segment.ts";
import { findWaitingPieces } from "./find-waiting-pieces.ts";

/** Rows of one segment or of all; or all rows as a key's segments hold them. */
export type WaitingScope = Pick<
  ResolvedScope,
  "modelId" | "environment" | "version" | "segment" | "now"
> & { byKey?: string };

/** How many rows of a window its profiles lack. A bucket waits for one late row as for all of its rows, and that of the last minutes
 *  always does: so the rows of what waits are counted, by which a page that ends now stays readable. */
export async function countWaitingRows(
  ctx: Pick<ServiceContext, "pg" | "ch" | "workspaceId" | "signal">,
  scope: WaitingScope,
  window: WindowTimes,
): Promise<number> {
  const { modelId, environment, version, now, byKey } = scope;
  const waiting = await findWaitingPieces(ctx, { modelId, aspect: "profile", now }, [window]);
  const pieces = waiting(window);
  if (pieces.length === 0) return 0;
  const { grains, ...stretches } = pieceParams(pieces);
  const asked = { modelId, environment, version, ...stretches };
  const segment =
    byKey === undefined ? segmentParamsOf(scope) : { segmentKey: byKey, segmentValue: null };
  const raw = byKey === undefined ? await readRawSegment(ctx, scope) : {};
  const [stored, profiled] = await Promise.all([
    ctx.ch.query(rawRowCount, { ...asked, ...raw }, ctx.signal),
    ctx.ch.query(profiledRowCount, { ...asked, grains, ...segment }, ctx.signal),
  ]);
  return Math.max(0, (stored[0]?.rowCount ?? 0) - (profiled[0]?.rowCount ?? 0));
}

/** What waits, of all that a window has. */
export const waitingShareOf = (waitingCount: number, profiledCount: number): number =>
  waitingCount === 0 ? 0 : waitingCount / (profiledCount + waitingCount);
