import type { BucketAspect } from "#db/postgres/queries/dirty-buckets.ts";
import { listDirtyStretches } from "#db/postgres/queries/dirty-buckets.ts";
import type { WindowTimes } from "#db/postgres/queries/evaluated-window.ts";
import { grainMs, grains } from "#lib/domain/grain.ts";
import type { ServiceContext } from "../context.ts";
import { coverHours } from "./cover-hours.ts";
import type { WindowPiece } from "./cover-window.ts";
import { coverWindow } from "./cover-window.ts";
import { joinBuckets } from "./join-buckets.ts";

export interface WaitingAsked {
  modelId: string;
  aspect: BucketAspect;
  now: Date;
}

/** Of each window the buckets that it is read from and that wait to be profiled, those side by side as one piece; where a time is given, those
 *  that wait since before it. */
export async function findWaitingPieces(
  ctx: Pick<ServiceContext, "pg" | "workspaceId">,
  { modelId, aspect, now }: WaitingAsked,
  windows: readonly WindowTimes[],
): Promise<(window: WindowTimes, markedBefore?: Date) => WindowPiece[]> {
  const read = windows.flatMap((window) => piecesOf(aspect, window, now));
  const waiting = new Map(
    await Promise.all(
      grains.map(async (grain) => {
        const own = read.filter((piece) => piece.grain === grain);
        if (own.length === 0) return [grain, new Map<number, number>()] as const;
        const found = await listDirtyStretches(ctx, {
          modelId,
          aspect,
          fromTime: new Date(Math.min(...own.map(({ fromTime }) => fromTime.getTime()))),
          untilTime: new Date(Math.max(...own.map(({ untilTime }) => untilTime.getTime()))),
          widthMs: grainMs[grain],
          // A coarse bucket is built from the finer ones: what waits there waits here.
          grains: grains.slice(0, grains.indexOf(grain) + 1),
        });
        return [grain, new Map(found.map(({ startMs, markedMs }) => [startMs, markedMs]))] as const;
      }),
    ),
  );
  return (window, markedBefore) =>
    piecesOf(aspect, window, now).flatMap((piece) =>
      cutWaiting(piece, waiting.get(piece.grain), markedBefore),
    );
}

/** The buckets that a window is read from: of performance and skew there are no five minutes. */
export const piecesOf = (
  aspect: BucketAspect,
  { fromTime, untilTime }: WindowTimes,
  now: Date,
): readonly WindowPiece[] =>
  (aspect === "profile" ? coverWindow : coverHours)(fromTime, untilTime, now).pieces;

function cutWaiting(
  { grain, fromTime, untilTime }: WindowPiece,
  markedMs: ReadonlyMap<number, number> = new Map(),
  markedBefore?: Date,
): WindowPiece[] {
  if (markedMs.size === 0) return [];
  const widthMs = grainMs[grain];
  const beforeMs = markedBefore?.getTime() ?? Number.POSITIVE_INFINITY;
  const waiting: number[] = [];
  for (let at = fromTime.getTime(); at < untilTime.getTime(); at += widthMs)
    if ((markedMs.get(at) ?? Number.POSITIVE_INFINITY) < beforeMs) waiting.push(at);
  return joinBuckets(waiting, widthMs).map((stretch) => ({ grain, ...stretch }));
}
