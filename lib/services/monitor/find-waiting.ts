import type { BucketAspect } from "#db/postgres/queries/dirty-buckets.ts";
import type { WindowTimes } from "#db/postgres/queries/evaluated-window.ts";
import type { MonitorKind } from "#lib/domain/monitor.ts";
import { isStillProfiled } from "#lib/rules/is-still-profiled.ts";
import { findWaitingPieces } from "../profile/find-waiting-pieces.ts";
import type { ReadContext, Watch } from "./watch.ts";

export interface Waiting {
  hasSome: boolean;
  isReadable: boolean;
  reason: string;
}

const nothing: Waiting = { hasSome: false, isReadable: true, reason: "" };

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

/** How much of each window waits to be profiled, in the buckets that it is read from. */
export async function findWaiting(
  ctx: ReadContext,
  { modelId, kind, now }: Pick<Watch, "modelId" | "kind" | "now">,
  windows: readonly WindowTimes[],
): Promise<(window: WindowTimes) => Waiting> {
  const aspect = waitingAspect(kind);
  const waiting = await findWaitingPieces(ctx, { modelId, aspect, now }, windows);
  return (window) => {
    const waitingMs = waiting(window).reduce((sum, piece) => sum + lengthOf(piece), 0);
    if (waitingMs === 0) return nothing;
    const share = waitingMs / lengthOf(window);
    return {
      hasSome: true,
      isReadable: !isStillProfiled(share, 1),
      reason: `${Math.max(1, Math.round(share * 100))} % of the window is still being profiled`,
    };
  };
}

const lengthOf = ({ fromTime, untilTime }: WindowTimes) => untilTime.getTime() - fromTime.getTime();
