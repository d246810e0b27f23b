import { windowListLimits } from "#db/clickhouse/fragments/profile-window.ts";
import { profileRows } from "#db/clickhouse/queries/profile-rows.ts";
import type { StoredProfile } from "#db/clickhouse/queries/stored-profile.ts";
import { windowedProfiles } from "#db/clickhouse/queries/window-profiles.ts";
import type { WindowTimes } from "#db/postgres/queries/evaluated-window.ts";
import type { DriftReferenceQuery } from "#lib/api/drift.ts";
import type { Grain } from "#lib/domain/grain.ts";
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

/** The stored profiles of each stretch, added up; every bucket is read once, however many stretches it lies in. */
async function readStretches(
  ctx: ReadContext,
  watch: Watch,
  side: WatchedSide,
  stretches: readonly WindowTimes[],
  asked: SidesAsked,
): Promise<StoredProfile[][]> {
  const covered = stretches.map(({ fromTime, untilTime }, index) => ({
    index,
    pieces: coverWindow(fromTime, untilTime, watch.now).pieces,
  }));
  const found: StoredProfile[][] = stretches.map(() => []);
  const { whole, others } = findWhole(covered);
  await readWhole(ctx, watch, side, { whole, asked, found });
  await readMerged(ctx, watch, side, { covered: others, asked, found });
  return found;
}

interface Covered {
  index: number;
  pieces: readonly WindowPiece[];
}

interface WholeBucket {
  index: number;
  grain: Grain;
  fromMs: number;
}

/** Windows that are one bucket each, of one grain and close together: as stored they are what is asked for. */
function findWhole(covered: readonly Covered[]): { whole: WholeBucket[]; others: Covered[] } {
  const whole = covered.flatMap(({ index, pieces: [piece, second] }) => {
    if (piece === undefined || second !== undefined) return [];
    const fromMs = piece.fromTime.getTime();
    const isOne = piece.untilTime.getTime() - fromMs === grainMs[piece.grain];
    return isOne ? [{ index, grain: piece.grain, fromMs }] : [];
  });
  const grain = whole[0]?.grain;
  const starts = whole.map(({ fromMs }) => fromMs);
  const spanned = 1 + (Math.max(...starts) - Math.min(...starts)) / grainMs[grain ?? "1h"];
  const isDense = whole.every((one) => one.grain === grain) && spanned <= 2 * whole.length;
  if (whole.length < 2 || !isDense) return { whole: [], others: [...covered] };
  const taken = new Set(whole.map(({ index }) => index));
  return { whole, others: covered.filter(({ index }) => !taken.has(index)) };
}

async function readWhole(
  ctx: ReadContext,
  { modelId, types }: Pick<Watch, "modelId" | "types">,
  side: WatchedSide,
  { whole, asked, found }: { whole: WholeBucket[]; asked: SidesAsked; found: StoredProfile[][] },
): Promise<void> {
  const ordered = whole.toSorted((a, b) => a.fromMs - b.fromMs);
  const size = Math.max(1, Math.floor(storedMax / keysMaxOf(asked, types)));
  for (let at = 0; at < ordered.length; at += size) {
    const batch = ordered.slice(at, at + size);
    const [first, last] = [batch[0], batch.at(-1)];
    if (first === undefined || last === undefined) return;
    const rows = await ctx.ch.query(
      profileRows,
      {
        modelId,
        environment: side.environment,
        version: side.version,
        ...segmentParamsOf(side),
        grain: first.grain,
        fromTime: new Date(first.fromMs),
        untilTime: new Date(last.fromMs + grainMs[first.grain]),
        subjects: [...new Set<ProfileSubject>(["row", ...asked.subjects])],
        features: asked.features === undefined ? null : ["", ...asked.features],
      },
      ctx.signal,
    );
    const byBucket = Map.groupBy(rows, ({ bucketMs }) => bucketMs);
    for (const { index, fromMs } of batch)
      found[index] = (byBucket.get(fromMs) ?? []).map(
        ({ newestEventAt, newestReceivedAt, newestFeatureAt, bucketMs, ...row }) => row,
      );
  }
}

/** Stored profiles that are read at once as they are. */
const storedMax = 2_000;

const keysMaxOf = ({ features }: SidesAsked, types: Watch["types"]) =>
  (features?.length ?? types.size) + 8;

async function readMerged(
  ctx: ReadContext,
  { modelId, types }: Pick<Watch, "modelId" | "types">,
  side: WatchedSide,
  {
    covered,
    asked,
    found,
  }: { covered: readonly Covered[]; asked: SidesAsked; found: StoredProfile[][] },
): Promise<void> {
  const { subjects, features } = asked;
  const keysMax = keysMaxOf(asked, types);
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
    for (const [windowIndex, own] of Map.groupBy(rows, (row) => row.windowIndex)) {
      const window = covered[from + windowIndex];
      if (window === undefined) continue;
      found[window.index] = own.map(
        ({ newestEventAt, newestReceivedAt, newestFeatureAt, windowIndex, ...row }) => row,
      );
    }
  }
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
