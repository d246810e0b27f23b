import type { BucketAspect } from "#db/postgres/queries/dirty-buckets.ts";
import { listDirtyStretches } from "#db/postgres/queries/dirty-buckets.ts";
import type { WindowTimes } from "#db/postgres/queries/evaluated-window.ts";
import { grainMs, grains } from "#lib/domain/grain.ts";
import type { ServiceContext } from "../context.ts";
import type { WindowPiece } from "./cover-window.ts";
import { coverWindow } from "./cover-window.ts";
import { joinBuckets } from "./join-buckets.ts";

export interface WaitingAsked {
  modelId: string;
  aspect: BucketAspect;
  now: Date;
}

/** Of each window the buckets that it is read from and that wait to be profiled, those side by side as one piece. */
export async function findWaitingPieces(
  ctx: Pick<ServiceContext, "pg" | "workspaceId">,
  { modelId, aspect, now }: WaitingAsked,
  windows: readonly WindowTimes[],
): Promise<(window: WindowTimes) => WindowPiece[]> {
  const read = windows.flatMap((window) => piecesOf(window, now));
  const waiting = new Map(
    await Promise.all(
      grains.map(async (grain) => {
        const own = read.filter((piece) => piece.grain === grain);
        if (own.length === 0) return [grain, new Set<number>()] as const;
        const found = await listDirtyStretches(ctx, {
          modelId,
          aspect,
          fromTime: new Date(Math.min(...own.map(({ fromTime }) => fromTime.getTime()))),
          untilTime: new Date(Math.max(...own.map(({ untilTime }) => untilTime.getTime()))),
          widthMs: grainMs[grain],
          // A coarse bucket is built from the finer ones: what waits there waits here.
          grains: grains.slice(0, grains.indexOf(grain) + 1),
        });
        return [grain, new Set(found.map(({ startMs }) => startMs))] as const;
      }),
    ),
  );
  return (window) =>
    piecesOf(window, now).flatMap((piece) => cutWaiting(piece, waiting.get(piece.grain)));
}

const piecesOf = ({ fromTime, untilTime }: WindowTimes, now: Date) =>
  coverWindow(fromTime, untilTime, now).pieces;

function cutWaiting(
  { grain, fromTime, untilTime }: WindowPiece,
  starts: ReadonlySet<number> = new Set(),
): WindowPiece[] {
  if (starts.size === 0) return [];
  const widthMs = grainMs[grain];
  const waiting: number[] = [];
  for (let at = fromTime.getTime(); at < untilTime.getTime(); at += widthMs)
    if (starts.has(at)) waiting.push(at);
  return joinBuckets(waiting, widthMs).map((stretch) => ({ grain, ...stretch }));
}
