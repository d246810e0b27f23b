import type { FeatureQualityResult, QualityCell, QualityCheckResult } from "#lib/api/quality.ts";
import { compareNames } from "#lib/domain/compare-names.ts";
import type { QualityCheckName, QualityVerdict } from "#lib/domain/quality.ts";
import { usualQualityCell } from "#lib/domain/quality.ts";
import { findProblemRun, runBadCountMin } from "#lib/rules/find-problem-run.ts";
import type { Expectation } from "#lib/stats/quality/expectation.ts";
import type { JudgedCheck } from "#lib/stats/quality/quality-verdict.ts";
import type { Columns } from "../profile/cover-window.ts";
import type { FailedKey, QualityKey } from "./ask-keys.ts";
import { countDistinct } from "./ask-keys.ts";
import { describeCheck, describeQuality } from "./describe-quality.ts";
import type { QualityColumn } from "./read-columns.ts";

const unseenShownMax = 20;
const allowedShownMax = 50;

type TimeColumns = { starts: Columns; cells: readonly QualityColumn[] };

/** How one check fared column by column. */
function runOf({ starts, cells }: TimeColumns, check: QualityCheckName) {
  return findProblemRun(
    cells.map((cell, i) => {
      const fromMs = starts.starts[i]?.getTime() ?? 0;
      const found = cell.quality?.checks.find((each) => each.check === check);
      return {
        fromMs,
        untilMs: fromMs + starts.bucketMs,
        outcome: found?.outcome ?? "cannot_say",
      };
    }),
  );
}

/** A problem that goes on and that the whole window hides: a value that stuck an hour ago is a small part of a week. */
function findRecent(key: QualityKey, columns: TimeColumns) {
  for (const { check } of key.quality.checks) {
    const run = runOf(columns, check);
    if (run === null || run.untilMs !== null || run.badCount < runBadCountMin) continue;
    const last = columns.cells
      .flatMap((cell) => cell.quality?.checks ?? [])
      .findLast((each) => each.check === check && each.outcome === "problem");
    if (last !== undefined) return { run, last };
  }
  return null;
}

export function toFeatureQuality(
  key: QualityKey,
  columns: TimeColumns | null,
): FeatureQualityResult {
  const { subject, feature, type, asked, quality } = key;
  const [worst] = quality.checks;
  const isBad = quality.verdict.kind === "problem" && worst !== undefined;
  const recent = isBad || columns === null ? null : findRecent(key, columns);
  const run = isBad && columns !== null ? runOf(columns, worst.check) : (recent?.run ?? null);
  const here = countDistinct(key.window);
  const there = key.baseline === null ? null : countDistinct(key.baseline);
  return {
    subject,
    feature,
    type,
    verdict: recent === null ? quality.verdict.kind : "problem",
    reason:
      recent === null
        ? describeQuality(key)
        : `now ${describeCheck(recent.last, key)}; the whole window hides it`,
    since: run === null ? null : new Date(run.fromMs).toISOString(),
    until: run === null || run.untilMs === null ? null : new Date(run.untilMs).toISOString(),
    checks: quality.checks.map(toCheck),
    recent:
      recent === null
        ? null
        : {
            check: recent.last.check,
            share: shareOf(recent.last),
            columnCount: recent.run.badCount,
          },
    expectation: toExpectation(asked.expectation),
    distinct: {
      window: here.count,
      baseline: there?.count ?? null,
      isExact: here.isExact && there?.isExact !== false,
    },
    unseen: asked.unseenValues.slice(0, unseenShownMax).map(({ name, count }) => ({ name, count })),
    unseenCount: asked.unseenValues.length,
  };
}

/** What was found in a window that is not counted yet: its figures stand, and no verdict is passed on them. */
export const withhold = (result: FeatureQualityResult, reason: string): FeatureQualityResult => ({
  ...result,
  verdict: "cannot_say",
  reason,
  since: null,
  until: null,
  recent: null,
  checks: result.checks.map((check) => ({
    ...check,
    outcome: "cannot_say",
    adjustedPValue: null,
  })),
});

export function toFailed({ subject, feature, type, error }: FailedKey): FeatureQualityResult {
  return {
    subject,
    feature,
    type,
    verdict: "failed",
    reason: `could not be evaluated: ${error}`,
    since: null,
    until: null,
    checks: [],
    recent: null,
    expectation: {
      minimum: null,
      maximum: null,
      allowedValues: null,
      allowedCount: null,
      isRequired: false,
    },
    distinct: { window: 0, baseline: null, isExact: false },
    unseen: [],
    unseenCount: 0,
  };
}

export function toExpectation({ minimum, maximum, allowedValues, isRequired }: Expectation) {
  return {
    minimum,
    maximum,
    allowedValues: allowedValues === null ? null : allowedValues.slice(0, allowedShownMax),
    allowedCount: allowedValues?.length ?? null,
    isRequired,
  };
}

function toCheck(check: JudgedCheck): QualityCheckResult {
  const interval = check.kind === "tested" || check.kind === "ruled" ? check.windowInterval : null;
  const rise = check.kind === "tested" ? check.change : null;
  return {
    check: check.check,
    measure: check.measure,
    outcome: check.outcome,
    windowCount: check.window.count,
    windowCountMost: check.window.countMost,
    windowTotal: check.window.total,
    baselineCount: check.baseline?.count ?? null,
    baselineTotal: check.baseline?.total ?? null,
    windowLower: interval?.lower ?? null,
    windowUpper: interval?.upper ?? null,
    riseLower: rise?.lower ?? null,
    riseUpper: rise?.upper ?? null,
    adjustedPValue: check.adjustedPValue,
  };
}

const shareOf = ({ window }: JudgedCheck) => (window.total === 0 ? 0 : window.count / window.total);

/** The cells of one feature that are not the usual ones. */
export function toHeatCells(cells: readonly QualityColumn[], isWithheld: boolean): QualityCell[] {
  return cells.flatMap((own, column) => {
    const cell = toHeatCell(own, column, isWithheld);
    const usual = usualQualityCell(own.rowCount);
    const isUsual =
      cell.verdict === usual.verdict && cell.check === null && cell.share === usual.share;
    return isUsual ? [] : [cell];
  });
}

/** The worst check of one column: a problem, or else what has most bad rows. */
function toHeatCell({ quality }: QualityColumn, column: number, isWithheld: boolean): QualityCell {
  if (quality === null) return { column, verdict: "cannot_say", check: null, share: null };
  const [first] = quality.checks;
  const bad =
    first?.outcome === "problem"
      ? first
      : quality.checks
          .filter((check) => check.check !== "constant" && check.window.count > 0)
          .toSorted((a, b) => shareOf(b) - shareOf(a))[0];
  return {
    column,
    verdict: isWithheld ? "cannot_say" : quality.verdict.kind,
    check: bad?.check ?? null,
    share: bad === undefined ? 0 : shareOf(bad),
  };
}

const order: Record<QualityVerdict, number> = { problem: 0, failed: 1, cannot_say: 2, ok: 3 };

const worstShare = ({ checks, recent }: FeatureQualityResult) => {
  const [first] = checks;
  if (recent !== null) return recent.share;
  return first?.outcome === "problem" ? first.windowCount / Math.max(1, first.windowTotal) : 0;
};

/** Worst first: problems by the share of rows that they touch, then by name. */
export function compareQuality(a: FeatureQualityResult, b: FeatureQualityResult): number {
  return (
    order[a.verdict] - order[b.verdict] ||
    worstShare(b) - worstShare(a) ||
    compareNames(a.feature, b.feature)
  );
}
