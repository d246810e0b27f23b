import type { WindowTimes } from "#db/postgres/queries/evaluated-window.ts";
import type { DriftReferenceQuery } from "#lib/api/drift.ts";
import type { ProfileSubject } from "#lib/domain/model.ts";
import { windowLengthMs } from "#lib/domain/monitor-definition.ts";
import { explainLack } from "../drift/explain-lack.ts";
import { planReference } from "../drift/plan-reference.ts";
import type { ProfileSide } from "../drift/profile-side.ts";
import { toSide } from "../drift/profile-side.ts";
import { readReference } from "../drift/read-reference.ts";
import { isKept } from "../profile/cover-window.ts";
import { readStretches, timesOf } from "../profile/read-stretches.ts";
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
  const rows = await readStretches(ctx, { ...watch, ...side }, [...blocks.values()], {
    ...asked,
    subjects: ["row", ...asked.subjects],
    keysMax: (asked.features?.length ?? watch.types.size) + keysBesideFeatures,
  });
  const byTimes = new Map([...blocks.keys()].map((times, i) => [times, rows[i] ?? []]));
  return split.map((own) => toSide(own.flatMap((block) => byTimes.get(timesOf(block)) ?? [])));
}

const blocksMax = 24;
/** Forms of a prediction and the rows themselves. */
const keysBesideFeatures = 8;

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
