import { setImmediate } from "node:timers/promises";
import type { WindowTimes } from "#db/postgres/queries/evaluated-window.ts";
import type { ProfileSubject } from "#lib/domain/model.ts";
import type { SeriesSubject } from "#lib/domain/monitor.ts";
import type { MonitorTarget } from "#lib/domain/monitor-definition.ts";
import { windowLengthMs } from "#lib/domain/monitor-definition.ts";
import type { DriftTest } from "#lib/stats/drift-test.ts";
import type { FeatureVerdict } from "#lib/stats/verdict.ts";
import { verdictsOf } from "#lib/stats/verdict.ts";
import type { SidePair } from "../drift/compare-sides.ts";
import { compareSides, pairSides, testDrift } from "../drift/compare-sides.ts";
import { decisiveTest, describeLack, describeVerdict } from "../drift/describe-verdict.ts";
import type { WeeklyQuestion, WeeklySource } from "../drift/find-weekly.ts";
import { findWeekly } from "../drift/find-weekly.ts";
import type { ProfileSide } from "../drift/profile-side.ts";
import { readBaselineHours } from "../drift/read-baseline-hours.ts";
import { sayError } from "../job/say-error.ts";
import { keyName } from "../profile/sum-profiles.ts";
import { readBothSides, readSides } from "./read-sides.ts";
import type {
  KindReader,
  ReadContext,
  Reading,
  SeriesReading,
  Watch,
  WatchedSide,
} from "./watch.ts";
import { seriesOf, unknownOf } from "./watch.ts";

/** How far each feature and output is from its reference. All that is watched in one window is one family, versions and segments
 *  included. */
export const readDrift: KindReader = async (ctx, watch, windows) => {
  const found: SeriesReading[][] = windows.map(() => []);
  const { target } = watch.question.definition;
  const asked = askedOf(target);
  for (const side of watch.sides) {
    const { sides, references } = await readBothSides(ctx, watch, side, windows, asked);
    const judged: JudgedWindow[] = [];
    for (const [at, window] of windows.entries()) {
      const here = sides[at];
      const there = references[at];
      if (here === undefined || there === undefined) continue;
      if (here.rowCount === 0) {
        if (side.isExpected(window)) found[at]?.push(unknownOf(watch, side, "no rows came"));
      } else if (there.kind === "lack") found[at]?.push(unknownOf(watch, side, there.reason));
      else {
        const pair = { reference: ofTarget(there.side, target), side: ofTarget(here, target) };
        judged.push({ at, window, ...pair, readings: judgeSide(watch, side, pair) });
      }
      if (at % yieldEvery === yieldEvery - 1) await setImmediate();
    }
    for (const { at, readings } of await explainByWeek(ctx, watch, side, judged))
      found[at]?.push(...readings);
  }
  return found;
};

interface JudgedWindow {
  at: number;
  window: WindowTimes;
  reference: ProfileSide;
  side: ProfileSide;
  readings: readonly SeriesReading[];
}

/** What drifts from a baseline within less than a week may be the week's own. */
async function explainByWeek(
  ctx: ReadContext,
  watch: Watch,
  side: WatchedSide,
  judged: readonly JudgedWindow[],
): Promise<readonly JudgedWindow[]> {
  const { statistic, reference, window } = watch.question.definition;
  const isShort = windowLengthMs[window] < windowLengthMs["7d"];
  if (statistic !== "verdict" || reference !== "baseline" || !isShort) return judged;
  const drifted = judged
    .map((one) => ({ ...one, drifted: new Set(one.readings.filter(isDrift).map(nameOfSeries)) }))
    .filter((one) => one.drifted.size > 0);
  if (drifted.length === 0) return judged;
  const judge = (pairs: readonly SidePair[]) =>
    new Map(
      judgePairs(watch, pairs).flatMap(({ pair, verdict }) =>
        verdict === undefined ? [] : [[keyName(pair), verdict] as const],
      ),
    );
  const { types, now } = watch;
  const read: WeeklyQuestion["read"] = (windows, asked) =>
    readSides(ctx, watch, side, windows, asked);
  const readHours: WeeklyQuestion["readHours"] = (asked) =>
    readBaselineHours(ctx, { ...watch, ...side }, asked);
  const answers = await findWeekly({ types, now, read, readHours, judge }, drifted);
  const weekly = new Map(drifted.map(({ at }, i) => [at, answers[i]]));
  return judged.map((one) => ({
    ...one,
    readings: one.readings.map((each) => {
      const source = weekly.get(one.at)?.get(nameOfSeries(each));
      return source === undefined ? each : { ...each, reading: toWeekly(each.reading, source) };
    }),
  }));
}

const isDrift = ({ reading }: SeriesReading) =>
  reading.kind === "value" && reading.judgement?.judged === "fire";

const nameOfSeries = ({ series: { subject, column } }: SeriesReading) =>
  keyName({ subject, feature: column });

/** Other work of the process gets its turn between some windows. */
const yieldEvery = 8;

/** What is read for a target. */
export function askedOf(target: MonitorTarget): {
  subjects: ProfileSubject[];
  features?: string[];
} {
  switch (target.kind) {
    case "feature":
      return { subjects: ["feature"], features: [target.feature ?? ""] };
    case "features":
      return { subjects: ["feature"] };
    case "prediction":
      return { subjects: ["prediction"] };
    case "everything":
    case "model":
      return { subjects: ["feature", "prediction"] };
  }
}

export const subjectOf = (subject: ProfileSubject): SeriesSubject =>
  subject === "prediction" ? "prediction" : "feature";

/** A baseline is read with all that it holds: of the target alone. */
export function ofTarget(side: ProfileSide, target: MonitorTarget): ProfileSide {
  const { subjects, features } = askedOf(target);
  return {
    rowCount: side.rowCount,
    keys: side.keys.filter(
      ({ subject, feature }) =>
        subjects.includes(subject) && (features === undefined || features.includes(feature)),
    ),
  };
}

function judgeSide(
  watch: Watch,
  side: WatchedSide,
  { reference, side: window }: { reference: ProfileSide; side: ProfileSide },
): SeriesReading[] {
  return watch.question.definition.statistic === "verdict"
    ? judgeVerdicts(watch, side, pairSides(reference, window, watch.types))
    : measureStatistic(watch, side, reference, window);
}

interface Asked extends SidePair {
  tests: readonly DriftTest[];
  failure: string;
}

function judgeVerdicts(
  watch: Watch,
  side: WatchedSide,
  pairs: readonly SidePair[],
): SeriesReading[] {
  return judgePairs(watch, pairs).flatMap(({ pair, verdict }) => {
    if (verdict === undefined) return [];
    const series = seriesOf(side, subjectOf(pair.subject), pair.feature);
    return [{ series, reading: toReading(pair, verdict) }];
  });
}

function judgePairs(
  watch: Watch,
  pairs: readonly SidePair[],
): { pair: Asked; verdict: FeatureVerdict | undefined }[] {
  const { falseDiscoveryRate, sampleMin } = watch.question.definition;
  const asked = pairs.map((pair) => askPair(pair, sampleMin));
  const verdicts = verdictsOf(
    asked.map((pair) => ({ feature: keyName(pair), tests: pair.tests })),
    // The rate holds for the whole evaluation: versions and segments share it.
    { falseDiscoveryRate: falseDiscoveryRate / watch.sides.length },
  );
  return asked.map((pair, i) => ({ pair, verdict: verdicts[i] }));
}

/** It differs, and is nothing new. */
const weeklyWords: Record<WeeklySource, string> = {
  week_before:
    "as a week before, and hardly anything of it is left in the last seven days together",
  baseline_hours: "as the baseline at these hours of the week",
};

function toWeekly(reading: Reading, source: WeeklySource): Reading {
  if (reading.kind !== "value" || reading.judgement === undefined) return reading;
  return {
    ...reading,
    judgement: { ...reading.judgement, judged: "clear" },
    words: `${reading.words ?? ""}; ${weeklyWords[source]}`,
  };
}

function askPair(pair: SidePair, rowCountMin: number): Asked {
  const { type, reference, window } = pair;
  try {
    return { ...pair, tests: testDrift(type, reference, window, { rowCountMin }), failure: "" };
  } catch (error) {
    return { ...pair, tests: [], failure: sayError(error) };
  }
}

/** A verdict's value is its distance in multiples of what is negligible, so that 1 is the same for every feature; that it is more
 *  than noise is asked beside it. */
function toReading({ type, tests, failure }: Asked, judged: FeatureVerdict): Reading {
  if (failure !== "") return { kind: "failed", reason: failure };
  const { verdict } = judged;
  if (verdict.kind === "cannot_say") return { kind: "no_data", reason: describeLack(verdict) };
  const decisive = decisiveTest(judged.tests);
  const effect = decisive?.decidedBy ?? null;
  const floor = effect?.negligible ?? 1;
  return {
    kind: "value",
    value: (effect?.value ?? 0) / floor,
    lower: effect === null ? null : effect.lowerBound / floor,
    upper: effect === null ? null : effect.upperBound / floor,
    sampleCount: (decisive ?? tests[0])?.sampleSizes.window ?? 0,
    judgement: { judged: verdict.kind === "drift" ? "fire" : "clear", threshold: 1 },
    words: describeVerdict({
      computed: { kind: type === "numeric" ? "numeric" : "categorical" },
      verdict: judged,
    }),
  };
}

function measureStatistic(
  watch: Watch,
  side: WatchedSide,
  reference: ProfileSide,
  window: ProfileSide,
): SeriesReading[] {
  const { statistic, sampleMin } = watch.question.definition;
  return compareSides(reference, window, watch.types).map((pair) => {
    const series = seriesOf(side, subjectOf(pair.subject), pair.feature);
    if (pair.failure !== "") return { series, reading: { kind: "failed", reason: pair.failure } };
    const found = pair.computed.statistics.find((one) => one.statistic === statistic);
    if (found === undefined)
      return {
        series,
        reading: { kind: "no_data", reason: `${statistic} is none of a ${pair.type} feature` },
      };
    if (found.kind !== "value")
      return { series, reading: { kind: "no_data", reason: describeLack(found) } };
    const count = found.sampleSizes.window;
    if (count < sampleMin)
      return { series, reading: { kind: "no_data", reason: lackOfRows(count, sampleMin) } };
    const { value, interval } = found;
    const lower = interval?.low ?? null;
    const upper = interval?.high ?? null;
    return { series, reading: { kind: "value", value, lower, upper, sampleCount: count } };
  });
}

export const lackOfRows = (have: number, needed: number, what = "rows") =>
  `${have} ${what}, ${needed} needed`;
