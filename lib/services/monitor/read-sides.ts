import { windowListLimits } from "#db/clickhouse/fragments/profile-window.ts";
import { windowedProfiles } from "#db/clickhouse/queries/window-profiles.ts";
import type { WindowTimes } from "#db/postgres/queries/evaluated-window.ts";
import type { DriftReferenceQuery } from "#lib/api/drift.ts";
import { grainMs } from "#lib/domain/grain.ts";
import type { ProfileSubject } from "#lib/domain/model.ts";
import { explainLack } from "../drift/explain-lack.ts";
import { planReference } from "../drift/plan-reference.ts";
import type { ProfileSide } from "../drift/profile-side.ts";
import { toSide } from "../drift/profile-side.ts";
import { readReference } from "../drift/read-reference.ts";
import { coverWindow } from "../profile/cover-window.ts";
import { segmentParamsOf } from "../segment/resolve-segment.ts";
import type { ReadContext, Watch, WatchedSide } from "./watch.ts";

const noRows: ProfileSide = { rowCount: 0, keys: [] };

export interface SidesAsked {
  subjects: readonly ProfileSubject[];
  /** Left out: every feature. */
  features?: readonly string[];
}

/** What each of some windows holds of one version and segment: every bucket is read once, however many windows it lies in. */
export async function readSides(
  ctx: ReadContext,
  { modelId, types, now }: Pick<Watch, "modelId" | "types" | "now">,
  side: WatchedSide,
  windows: readonly WindowTimes[],
  { subjects, features }: SidesAsked,
): Promise<ProfileSide[]> {
  const covered = windows.map(({ fromTime, untilTime }) => coverWindow(fromTime, untilTime, now));
  const keysMax = (features?.length ?? types.size) + 8;
  const batches = cutBatches(
    covered.map(({ pieces }) => ({
      pieces: pieces.length,
      profiles:
        keysMax *
        pieces.reduce(
          (sum, { grain, fromTime, untilTime }) =>
            sum + (untilTime.getTime() - fromTime.getTime()) / grainMs[grain],
          0,
        ),
    })),
  );
  const sides = windows.map(() => noRows);
  for (const { from, until } of batches) {
    const pieces = covered
      .slice(from, until)
      .flatMap((window, i) => window.pieces.map((piece) => ({ ...piece, windowIndex: i })));
    const rows = await ctx.ch.query(
      windowedProfiles,
      {
        modelId,
        environment: side.environment,
        version: side.version,
        ...segmentParamsOf(side),
        subjects: [...new Set<string>(["row", ...subjects])],
        features: features === undefined ? null : ["", ...features],
        windowIndexes: pieces.map(({ windowIndex }) => windowIndex),
        grains: pieces.map(({ grain }) => grain),
        fromSeconds: pieces.map(({ fromTime }) => fromTime.getTime() / 1000),
        untilSeconds: pieces.map(({ untilTime }) => untilTime.getTime() / 1000),
      },
      ctx.signal,
    );
    for (const [index, own] of Map.groupBy(rows, (row) => row.windowIndex))
      sides[from + index] = toSide(
        own.map(({ newestEventAt, newestReceivedAt, newestFeatureAt, windowIndex, ...row }) => row),
      );
  }
  return sides;
}

/** Stored profiles that one query merges, once for each window that they lie in: with 1,024 bins each some 300 MB of the engine's memory. */
const profilesMax = 6_000;

/** Consecutive windows that one query may ask about. */
function cutBatches(
  windows: readonly { pieces: number; profiles: number }[],
): { from: number; until: number }[] {
  const batches: { from: number; until: number }[] = [];
  let held = { pieces: 0, profiles: 0 };
  for (const [i, { pieces, profiles }] of windows.entries()) {
    const last = batches.at(-1);
    const isFull =
      held.pieces + pieces > windowListLimits.piecesMax || held.profiles + profiles > profilesMax;
    if (last === undefined || isFull) {
      batches.push({ from: i, until: i + 1 });
      held = { pieces, profiles };
    } else {
      last.until = i + 1;
      held = { pieces: held.pieces + pieces, profiles: held.profiles + profiles };
    }
  }
  return batches;
}

/** Whether a window can be told from what is still kept: of old ones the fine buckets are gone. */
export function isKept({ fromTime, untilTime }: WindowTimes, now: Date): boolean {
  const covered = coverWindow(fromTime, untilTime, now);
  return (
    covered.fromTime.getTime() === fromTime.getTime() &&
    covered.untilTime.getTime() === untilTime.getTime()
  );
}

export type WindowReference =
  | { kind: "side"; side: ProfileSide }
  | { kind: "lack"; reason: string };

/** What each window is compared with. A baseline is read once for all of them. */
export async function readReferences(
  ctx: ReadContext,
  watch: Watch,
  side: WatchedSide,
  windows: readonly WindowTimes[],
  asked: SidesAsked,
): Promise<WindowReference[]> {
  const { reference } = watch.question.definition;
  const query: DriftReferenceQuery = { reference };
  const scopeOf = ({ fromTime, untilTime }: WindowTimes) => ({
    modelId: watch.modelId,
    model: "",
    environment: side.environment,
    version: side.version,
    segment: side.segment,
    types: watch.types,
    window: { fromTime, untilTime, pieces: [] },
    now: watch.now,
  });
  const lackOf = async (window: WindowTimes): Promise<WindowReference> => ({
    kind: "lack",
    reason: await explainLack(ctx, scopeOf(window), query),
  });
  const [first] = windows;
  if (first === undefined) return [];
  const plans = windows.map((window) => planReference(scopeOf(window), query));
  if (plans.every((plan) => plan === null)) {
    const features = asked.features === undefined ? undefined : [...asked.features];
    const found = await readReference(ctx, scopeOf(first), query, features);
    const answer: WindowReference =
      found === null ? await lackOf(first) : { kind: "side", side: found.side };
    return windows.map(() => answer);
  }
  const stretches = plans.flatMap((plan) => (plan === null ? [] : [plan]));
  const sides = await readSides(ctx, watch, side, stretches, asked);
  return sides.map((found, i) =>
    found.rowCount === 0
      ? { kind: "lack", reason: `no rows came in ${stretches[i]?.label ?? "the reference"}` }
      : { kind: "side", side: found },
  );
}
