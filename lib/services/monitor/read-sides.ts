import { pieceParams, piecesMax } from "#db/clickhouse/fragments/profile-window.ts";
import { windowProfiles } from "#db/clickhouse/queries/window-profiles.ts";
import type { WindowTimes } from "#db/postgres/queries/evaluated-window.ts";
import type { DriftReferenceQuery } from "#lib/api/drift.ts";
import { grainMs } from "#lib/domain/grain.ts";
import type { ProfileSubject } from "#lib/domain/model.ts";
import { windowLengthMs } from "#lib/domain/monitor-definition.ts";
import { explainLack } from "../drift/explain-lack.ts";
import { planReference } from "../drift/plan-reference.ts";
import type { ProfileSide } from "../drift/profile-side.ts";
import { toSide } from "../drift/profile-side.ts";
import { readReference } from "../drift/read-reference.ts";
import type { WindowPiece } from "../profile/cover-window.ts";
import { coverWindow } from "../profile/cover-window.ts";
import type { SummedProfile } from "../profile/sum-profiles.ts";
import { sumProfiles } from "../profile/sum-profiles.ts";
import { segmentParamsOf } from "../segment/resolve-segment.ts";
import type { ReadContext, Watch, WatchedSide } from "./watch.ts";

const noRows: ProfileSide = { rowCount: 0, keys: [] };

export interface SidesAsked {
  subjects: readonly ProfileSubject[];
  /** Left out: every feature. */
  features?: readonly string[];
}

/** What each of some windows holds of one version and segment. Windows that overlap are put together from blocks as long as the
 *  step from one to the next: each block is merged once, however many windows it lies in. Which blocks a window is made of depends
 *  on the question and the window alone, so that asked live and in a replay it is the same sum. */
export async function readSides(
  ctx: ReadContext,
  watch: Watch,
  side: WatchedSide,
  windows: readonly WindowTimes[],
  asked: SidesAsked,
): Promise<ProfileSide[]> {
  const split = windows.map((window) => splitIntoBlocks(window, watch));
  const blocks = new Map(split.flat().map((block) => [timesOf(block), block]));
  const rows = await readStretches(ctx, watch, side, [...blocks.values()], asked);
  const byTimes = new Map([...blocks.keys()].map((times, i) => [times, rows[i] ?? []]));
  return split.map((own) => toSide(own.flatMap((block) => byTimes.get(timesOf(block)) ?? [])));
}

const blocksMax = 24;

/** The window itself where it does not overlap with the next one, or where its blocks are not kept any more. */
function splitIntoBlocks(window: WindowTimes, { question, now }: Watch): WindowTimes[] {
  const blockMs = windowLengthMs[question.definition.cadence];
  const [fromMs, untilMs] = [window.fromTime.getTime(), window.untilTime.getTime()];
  const count = (untilMs - fromMs) / blockMs;
  if (count < 2 || count > blocksMax || untilMs % blockMs !== 0 || fromMs % blockMs !== 0)
    return [window];
  const blocks = Array.from({ length: count }, (_, i) => ({
    fromTime: new Date(fromMs + i * blockMs),
    untilTime: new Date(fromMs + (i + 1) * blockMs),
  }));
  return blocks.every((block) => isKept(block, now)) ? blocks : [window];
}

interface Covered {
  index: number;
  pieces: readonly WindowPiece[];
}

/** The stored profiles of each stretch, added up; every bucket is read once, however many stretches it lies in. */
async function readStretches(
  ctx: ReadContext,
  { modelId, types, now }: Watch,
  side: WatchedSide,
  stretches: readonly WindowTimes[],
  { subjects, features }: SidesAsked,
): Promise<SummedProfile[][]> {
  const covered = stretches.map(({ fromTime, untilTime }, index) => ({
    index,
    pieces: coverWindow(fromTime, untilTime, now).pieces,
  }));
  const { segmentKey, segmentValue } = segmentParamsOf(side);
  const found: SummedProfile[][] = stretches.map(() => []);
  for (const batch of cutBatches(covered, (features?.length ?? types.size) + keysBesideFeatures)) {
    const scanned = ctx.ch.scan(
      windowProfiles,
      {
        modelId,
        environment: side.environment,
        version: side.version,
        segmentKey,
        segmentValues: [segmentValue],
        ...pieceParams(batch.flatMap(({ pieces }) => pieces)),
        subjects: [...new Set<string>(["row", ...subjects])],
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

/** Forms of a prediction and the rows themselves. */
const keysBesideFeatures = 8;
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

/** What each window holds and what it is compared with. A baseline is read once for all of them, and a window that another is
 *  compared with is read once for both. */
export async function readBothSides(
  ctx: ReadContext,
  watch: Watch,
  side: WatchedSide,
  windows: readonly WindowTimes[],
  asked: SidesAsked,
): Promise<{ sides: ProfileSide[]; references: WindowReference[] }> {
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
  const [first] = windows;
  if (first === undefined) return { sides: [], references: [] };
  const plans = windows.map((window) => planReference(scopeOf(window), query));
  if (plans.every((plan) => plan === null)) {
    const sides = await readSides(ctx, watch, side, windows, asked);
    const features = asked.features === undefined ? undefined : [...asked.features];
    const found = await readReference(ctx, scopeOf(first), query, features);
    const answer: WindowReference =
      found === null
        ? { kind: "lack", reason: await explainLack(ctx, scopeOf(first), query) }
        : { kind: "side", side: found.side };
    return { sides, references: windows.map(() => answer) };
  }
  const stretches = plans.flatMap((plan) => (plan === null ? [] : [plan]));
  const each = new Map([...windows, ...stretches].map((window) => [timesOf(window), window]));
  const read = await readSides(ctx, watch, side, [...each.values()], asked);
  const byTimes = new Map([...each.keys()].map((times, i) => [times, read[i] ?? noRows]));
  const sideOf = (window: WindowTimes) => byTimes.get(timesOf(window)) ?? noRows;
  return {
    sides: windows.map(sideOf),
    references: stretches.map((stretch) => {
      const found = sideOf(stretch);
      return found.rowCount === 0
        ? { kind: "lack", reason: `no rows came in ${stretch.label}` }
        : { kind: "side", side: found };
    }),
  };
}

/** Names a stretch of time. */
export const timesOf = ({ fromTime, untilTime }: WindowTimes): string =>
  `${fromTime.getTime()}-${untilTime.getTime()}`;
