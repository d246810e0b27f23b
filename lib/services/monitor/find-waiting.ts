import type { BucketAspect } from "#db/postgres/queries/dirty-buckets.ts";
import type { WindowTimes } from "#db/postgres/queries/evaluated-window.ts";
import type { MonitorKind } from "#lib/domain/monitor.ts";
import { isStillProfiled } from "#lib/rules/is-still-profiled.ts";
import { waitingShareOf } from "../profile/count-waiting-rows.ts";
import { findWaitingPieces, piecesOf } from "../profile/find-waiting-pieces.ts";
import { bucketsOf, readProfiledRows, readStoredRows } from "../profile/rows-by-bucket.ts";
import type { ReadContext, Watch } from "./watch.ts";

/** What of a bucket each kind is read from. */
function waitingAspect(kind: MonitorKind): BucketAspect {
  switch (kind) {
    case "performance":
    case "estimated_performance":
    case "fairness":
      return "performance";
    case "skew":
      return "skew";
    case "drift":
    case "freshness":
    case "volume":
    case "quality":
    case "latency":
    case "expression":
      return "profile";
  }
}

/** What of a window still waits to be profiled that has waited since before a time: some of its five minutes, which are soon made, or coarser buckets
 *  alone, which hold their rows but for the last. */
export async function findWaiting(
  ctx: ReadContext,
  { modelId, kind, now }: Pick<Watch, "modelId" | "kind" | "now">,
  windows: readonly WindowTimes[],
): Promise<(window: WindowTimes, markedBefore: Date) => "five minutes" | "coarser" | "nothing"> {
  const asked = { modelId, aspect: waitingAspect(kind), now };
  const waiting = await findWaitingPieces(ctx, asked, windows);
  return (window, markedBefore) => {
    const pieces = waiting(window, markedBefore);
    if (pieces.length === 0) return "nothing";
    return pieces.some(({ grain }) => grain === "5m") ? "five minutes" : "coarser";
  };
}

/** Rows of a window that its profiles lack. */
export interface Lack {
  rowCount: number;
  isReadable: boolean;
  reason: string;
}

const nothing: Lack = { rowCount: 0, isReadable: true, reason: "" };

/** Whether something can be said of a window: of one version that is watched at least. */
export const isReadable = (
  { sides }: Pick<Watch, "sides">,
  window: WindowTimes,
  lackOf: (window: WindowTimes, version: string) => Lack,
): boolean => sides.some(({ version }) => lackOf(window, version).isReadable);

/** How many rows each window lacks, of one version or, for "", of all. A bucket waits for one late row as for all of its rows, and for labels that lack
 *  no row at all: where they come in a stream some always wait, and a window can be read all the same. */
export async function readLacks(
  ctx: ReadContext,
  { modelId, kind, now, question: { environment } }: Watch,
  windows: readonly WindowTimes[],
): Promise<(window: WindowTimes, version: string) => Lack> {
  const aspect = waitingAspect(kind);
  const waiting = await findWaitingPieces(ctx, { modelId, aspect, now }, windows);
  const open = windows.filter((window) => waiting(window).length > 0);
  if (open.length === 0) return () => nothing;
  const key = { modelId, environment, segment: null };
  const read = open.flatMap((window) => piecesOf(aspect, window, now));
  const [profiled, stored] = await Promise.all([
    readProfiledRows(ctx, key, aspect, read),
    readStoredRows(
      ctx,
      key,
      open.flatMap((window) => waiting(window)),
    ),
  ]);
  return (window, version) => {
    let rowCount = 0;
    for (const bucket of bucketsOf(waiting(window)))
      rowCount += Math.max(0, stored.countOf(bucket, version) - profiled.countOf(bucket, version));
    if (rowCount === 0) return nothing;
    const knownCount = profiled.sumOf(piecesOf(aspect, window, now), version);
    const share = waitingShareOf(rowCount, knownCount);
    return {
      rowCount,
      isReadable: !isStillProfiled(share, knownCount),
      reason: `${Math.max(1, Math.round(share * 100))} % of its rows are still being profiled`,
    };
  };
}
