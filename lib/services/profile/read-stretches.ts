import { pieceParams, piecesMax } from "#db/clickhouse/fragments/profile-window.ts";
import { windowProfiles } from "#db/clickhouse/queries/window-profiles.ts";
import type { WindowTimes } from "#db/postgres/queries/evaluated-window.ts";
import { grainMs } from "#lib/domain/grain.ts";
import type { ProfileSubject } from "#lib/domain/model.ts";
import type { ServiceContext } from "../context.ts";
import type { ResolvedScope } from "../model/resolve-scope.ts";
import { segmentParamsOf } from "../segment/resolve-segment.ts";
import type { WindowPiece } from "./cover-window.ts";
import { coverWindow } from "./cover-window.ts";
import type { SummedProfile } from "./sum-profiles.ts";
import { sumProfiles } from "./sum-profiles.ts";

export type StretchScope = Pick<
  ResolvedScope,
  "modelId" | "environment" | "version" | "segment" | "now"
>;

export interface StretchesAsked {
  subjects: readonly ProfileSubject[];
  /** Left out: every feature. */
  features?: readonly string[];
  /** Keys that a bucket may have of them: by this many the question is cut. */
  keysMax: number;
}

interface Covered {
  index: number;
  pieces: readonly WindowPiece[];
}

/** The stored profiles of each stretch, added up; every bucket is read once, however many stretches it lies in. */
export async function readStretches(
  ctx: Pick<ServiceContext, "ch" | "signal">,
  { modelId, environment, version, segment, now }: StretchScope,
  stretches: readonly WindowTimes[],
  { subjects, features, keysMax }: StretchesAsked,
): Promise<SummedProfile[][]> {
  const covered = stretches.map(({ fromTime, untilTime }, index) => ({
    index,
    pieces: coverWindow(fromTime, untilTime, now).pieces,
  }));
  const { segmentKey, segmentValue } = segmentParamsOf({ segment });
  const found: SummedProfile[][] = stretches.map(() => []);
  for (const batch of cutBatches(covered, keysMax)) {
    const scanned = ctx.ch.scan(
      windowProfiles,
      {
        modelId,
        environment,
        version,
        segmentKey,
        segmentValues: [segmentValue],
        ...pieceParams(batch.flatMap(({ pieces }) => pieces)),
        subjects: [...new Set<string>(subjects)],
        features: features === undefined ? null : ["", ...features],
      },
      ctx.signal,
    );
    const stretchesOf = indexStretches(batch);
    const summed = await sumProfiles(scanned, ({ grain, bucketSeconds }) =>
      stretchesOf(grain, bucketSeconds * 1000),
    );
    for (const [index, own] of summed) found[index] = own;
  }
  return found;
}

/** Which stretches a bucket lies in. */
function indexStretches(
  covered: readonly Covered[],
): (grain: string, bucketMs: number) => readonly number[] {
  const pieces = covered.flatMap(({ index, pieces: own }) =>
    own.map(({ grain, fromTime, untilTime }) => ({
      index,
      grain,
      fromMs: fromTime.getTime(),
      untilMs: untilTime.getTime(),
    })),
  );
  const known = new Map<string, number[]>();
  return (grain, bucketMs) => {
    const name = `${grain} ${bucketMs}`;
    const found =
      known.get(name) ??
      pieces
        .filter((one) => one.grain === grain && one.fromMs <= bucketMs && bucketMs < one.untilMs)
        .map(({ index }) => index);
    known.set(name, found);
    return found;
  };
}

/** Stored profiles that one question reads: a second's work. */
const profilesMax = 60_000;

/** Consecutive windows that one question may be about. */
function cutBatches(covered: readonly Covered[], keysMax: number): Covered[][] {
  const batches: Covered[][] = [];
  let held = { pieces: 0, profiles: 0 };
  for (const one of covered) {
    const pieces = one.pieces.length;
    const profiles = keysMax * bucketCountOf(one.pieces);
    const last = batches.at(-1);
    const isFull = held.pieces + pieces > piecesMax || held.profiles + profiles > profilesMax;
    if (last === undefined || isFull) {
      batches.push([one]);
      held = { pieces, profiles };
    } else {
      last.push(one);
      held = { pieces: held.pieces + pieces, profiles: held.profiles + profiles };
    }
  }
  return batches;
}

function bucketCountOf(pieces: readonly WindowPiece[]): number {
  return pieces.reduce(
    (sum, { grain, fromTime, untilTime }) =>
      sum + (untilTime.getTime() - fromTime.getTime()) / grainMs[grain],
    0,
  );
}

/** Names a stretch of time. */
export const timesOf = ({ fromTime, untilTime }: WindowTimes): string =>
  `${fromTime.getTime()}-${untilTime.getTime()}`;
