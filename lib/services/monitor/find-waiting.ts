import type { BucketAspect } from "#db/postgres/queries/dirty-buckets.ts";
import { listDirtyStretches } from "#db/postgres/queries/dirty-buckets.ts";
import type { WindowTimes } from "#db/postgres/queries/evaluated-window.ts";
import type { Grain } from "#lib/domain/grain.ts";
import { grainMs, grains } from "#lib/domain/grain.ts";
import type { MonitorKind } from "#lib/domain/monitor.ts";
import { coverWindow } from "../profile/cover-window.ts";
import type { ReadContext, Watch } from "./watch.ts";

/** With more of a window still waiting for its profile than this, what is known of it is not it. */
const waitingShareMax = 0.1;

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
  const fromMs = Math.min(...windows.map(({ fromTime }) => fromTime.getTime()));
  const untilMs = Math.max(...windows.map(({ untilTime }) => untilTime.getTime()));
  const dirty = new Map<Grain, number[]>();
  for (const grain of grains) {
    const widthMs = grainMs[grain];
    const found = await listDirtyStretches(ctx, {
      modelId,
      aspect: waitingAspect(kind),
      fromTime: new Date(Math.floor(fromMs / widthMs) * widthMs),
      untilTime: new Date(untilMs),
      widthMs,
      grains: [grain],
    });
    dirty.set(
      grain,
      found.map((one) => one.startMs),
    );
  }
  if ([...dirty.values()].every((starts) => starts.length === 0)) return () => nothing;
  return ({ fromTime, untilTime }) => {
    const { pieces } = coverWindow(fromTime, untilTime, now);
    const waitingMs = pieces.reduce((sum, piece) => {
      const from = piece.fromTime.getTime();
      const until = piece.untilTime.getTime();
      // A coarse bucket is built from the finer ones: what waits there waits here.
      const starts = grains
        .slice(0, grains.indexOf(piece.grain) + 1)
        .flatMap((grain) => dirty.get(grain) ?? []);
      const width = grainMs[piece.grain];
      const touched = new Set(
        starts.filter((at) => at >= from && at < until).map((at) => Math.floor(at / width)),
      );
      return sum + touched.size * width;
    }, 0);
    if (waitingMs === 0) return nothing;
    const share = waitingMs / (untilTime.getTime() - fromTime.getTime());
    return {
      hasSome: true,
      isReadable: share <= waitingShareMax,
      reason: `${Math.max(1, Math.round(share * 100))} % of the window is still being profiled`,
    };
  };
}
