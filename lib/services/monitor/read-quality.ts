import type { WindowTimes } from "#db/postgres/queries/evaluated-window.ts";
import { listExpectationRows } from "#db/postgres/queries/expectation.ts";
import type { DeclaredExpectation } from "#lib/domain/quality.ts";
import type { QualityCounts } from "#lib/stats/quality/quality-counts.ts";
import type { FeatureQuality } from "#lib/stats/quality/quality-verdict.ts";
import { judgeQuality } from "#lib/stats/quality/quality-verdict.ts";
import { shareInterval } from "#lib/stats/share-interval.ts";
import type { QualityAnswer, QualityKey } from "../quality/ask-keys.ts";
import { askKeys } from "../quality/ask-keys.ts";
import { describeQuality } from "../quality/describe-quality.ts";
import { readLastSeen } from "../quality/read-quality.ts";
import { settleConstants } from "../quality/settle-constants.ts";
import { askedOf, lackOfRows, ofTarget, subjectOf } from "./read-drift.ts";
import { readBothSides } from "./read-sides.ts";
import type { KindReader, Reading, SeriesReading, Watch } from "./watch.ts";
import { seriesOf, unknownOf } from "./watch.ts";

/** How many rows of each feature and output are bad, or whether these are more than they should be. */
export const readQuality: KindReader = async (ctx, watch, windows) => {
  const { definition } = watch.question;
  const { target, sampleMin } = definition;
  const found: SeriesReading[][] = windows.map(() => []);
  const asked = askedOf(target);
  const declared = new Map<string, DeclaredExpectation>(
    (await listExpectationRows(ctx, watch.modelId)).map((row) => [row.feature, row.declared]),
  );
  for (const side of watch.sides) {
    const { sides, references } = await readBothSides(ctx, watch, side, windows, asked);
    const everSent = await readLastSeen(ctx, { modelId: watch.modelId, now: watch.now, ...side });
    const answers: { at: number; window: WindowTimes; answer: QualityAnswer }[] = [];
    for (const [at, window] of windows.entries()) {
      const here = sides[at];
      const there = references[at];
      if (here === undefined || there === undefined) continue;
      if (here.rowCount === 0) {
        if (side.isExpected(window)) found[at]?.push(unknownOf(watch, side, "no rows came"));
        continue;
      }
      if (here.rowCount < sampleMin) {
        found[at]?.push(unknownOf(watch, side, lackOfRows(here.rowCount, sampleMin)));
        continue;
      }
      const answer = askKeys({
        reference: there.kind === "side" ? ofTarget(there.side, target) : null,
        window: ofTarget(here, target),
        types: watch.types,
        declared,
        everSent,
      });
      answers.push({ at, window, answer });
    }
    // A share is measured as it is: only a verdict asks what is stuck.
    const settled =
      definition.statistic === "verdict"
        ? await settleConstants(ctx, { ...side, modelId: watch.modelId, now: watch.now }, answers)
        : answers.map(({ answer }) => answer);
    for (const [i, { at }] of answers.entries()) {
      const answer = settled[i];
      if (answer === undefined) continue;
      found[at]?.push(
        ...toReadings(watch, answer.keys).map(({ key, reading }) => ({
          series: seriesOf(side, subjectOf(key.subject), key.feature),
          reading,
        })),
        ...answer.failed.map(({ subject, feature, error }) => ({
          series: seriesOf(side, subjectOf(subject), feature),
          reading: { kind: "failed" as const, reason: error },
        })),
      );
    }
  }
  return found;
};

function toReadings(
  watch: Watch,
  keys: readonly QualityKey[],
): { key: QualityKey; reading: Reading }[] {
  const { statistic, falseDiscoveryRate } = watch.question.definition;
  if (statistic !== "verdict")
    return keys.map((key) => ({ key, reading: measureShare(statistic, key.asked.window) }));
  const judged = judgeQuality(
    keys.map((key) => key.asked.checks),
    { falseDiscoveryRate: falseDiscoveryRate / watch.sides.length },
  );
  return keys.flatMap((key, i) => {
    const quality = judged[i];
    return quality === undefined ? [] : [{ key, reading: toReading(key, quality) }];
  });
}

/** A verdict's value is the share of rows that the worst check found bad. */
function toReading(key: QualityKey, quality: FeatureQuality): Reading {
  const words = describeQuality({ ...key, quality });
  if (quality.verdict.kind === "cannot_say") return { kind: "no_data", reason: words };
  const [worst] = quality.checks;
  const isProblem = quality.verdict.kind === "problem";
  const bad = isProblem ? worst : quality.checks.find((check) => check.check !== "constant");
  const interval = bad?.kind === "tested" || bad?.kind === "ruled" ? bad.windowInterval : null;
  return {
    kind: "value",
    value: bad === undefined || bad.window.total === 0 ? 0 : bad.window.count / bad.window.total,
    lower: interval?.lower ?? null,
    upper: interval?.upper ?? null,
    sampleCount: key.asked.window.rowCount,
    judgement: { judged: isProblem ? "fire" : "clear", threshold: null },
    words,
  };
}

/** Bad rows of all rows, at least; null where it was not asked, as ranges of categories are not. */
function countBad(statistic: string, counts: QualityCounts): number | null {
  switch (statistic) {
    case "missing_share":
      return counts.nullCount + counts.absentCount;
    case "type_violation_share":
      return counts.wrongKindCount;
    case "nan_share":
      return counts.nanCount + counts.infiniteCount;
    case "out_of_range_share":
      return counts.below === null && counts.above === null
        ? null
        : (counts.below?.least ?? 0) + (counts.above?.least ?? 0);
    case "new_category_share":
      return counts.unseen?.least ?? null;
    default:
      return null;
  }
}

function measureShare(statistic: string, counts: QualityCounts): Reading {
  const count = countBad(statistic, counts);
  if (count === null)
    return {
      kind: "no_data",
      reason: "nothing says what its values should be: no baseline, no expectation",
    };
  const total = counts.rowCount;
  const interval = shareInterval({ count, total });
  return {
    kind: "value",
    value: count / total,
    lower: interval?.lower ?? null,
    upper: interval?.upper ?? null,
    sampleCount: total,
  };
}
