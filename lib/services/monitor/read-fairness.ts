import { setImmediate } from "node:timers/promises";
import type { WindowTimes } from "#db/postgres/queries/evaluated-window.ts";
import { findModelTask } from "#db/postgres/queries/performance-work.ts";
import { listAttributeRows } from "#db/postgres/queries/sensitive-attribute.ts";
import { formatNumber } from "#lib/charts/format-number.ts";
import { nameMeasure } from "#lib/charts/name-fairness.ts";
import { AppError } from "#lib/domain/errors.ts";
import type { FairnessMeasure } from "#lib/domain/fairness.ts";
import type { Task } from "#lib/domain/model.ts";
import { compareErrors } from "#lib/stats/fairness/compare-errors.ts";
import {
  compareGroups,
  FOUR_FIFTHS,
  GROUP_ROWS_MIN,
  TOLERATED_DIFFERENCE,
} from "#lib/stats/fairness/compare-groups.ts";
import type { GapVerdict } from "#lib/stats/fairness/judge-gap.ts";
import type { RateRatio } from "#lib/stats/fairness/ratio-interval.ts";
import type { Interval } from "#lib/stats/interval.ts";
import { readDecidedGroups, readErringGroups } from "../fairness/read-groups.ts";
import { createClassFinder } from "../performance/find-classes.ts";
import { coverHours } from "../profile/cover-hours.ts";
import type {
  KindReader,
  ReadContext,
  Reading,
  SeriesReading,
  Watch,
  WatchedSide,
} from "./watch.ts";
import { seriesOf, unknownOf } from "./watch.ts";

/** How far the groups of a sensitive attribute are treated apart, each against the reference group. */
export const readFairness: KindReader = async (ctx, watch, windows) => {
  const found: SeriesReading[][] = windows.map(() => []);
  const attribute = await getAttribute(ctx, watch);
  const task = await findModelTask(ctx.pg, watch.modelId);
  const findClasses = createClassFinder(ctx, watch.modelId);
  const read = { attribute, task, findClasses };
  for (const side of watch.sides) {
    for (const [i, window] of windows.entries()) {
      const compared = await compareWindow(ctx, watch, side, window, read);
      if (typeof compared === "string") {
        if (side.isExpected(window)) found[i]?.push(unknownOf(watch, side, compared));
      } else
        for (const group of compared.groups) {
          if (!group.isComparable || group.group === compared.reference) continue;
          const segment = { key: attribute.key, value: group.group };
          const reading = toReading(watch, group, compared);
          found[i]?.push({ series: seriesOf({ ...side, segment }), reading });
        }
      await setImmediate();
    }
  }
  return found;
};

interface Attribute {
  key: string;
  referenceValue: string | null;
}

/** The one that the question names, else the model's first. */
async function getAttribute(ctx: ReadContext, { modelId, question }: Watch): Promise<Attribute> {
  const { segment } = question.definition;
  const sensitive = (await listAttributeRows(ctx, modelId)).filter((row) => row.isSensitive);
  const found = segment === null ? sensitive[0] : sensitive.find(({ key }) => key === segment.key);
  if (found === undefined)
    throw new AppError(
      "not_found",
      segment === null
        ? "No segment key of the model is marked as sensitive: there are no groups to compare."
        : `The segment key "${segment.key}" is not marked as sensitive any more.`,
    );
  return found;
}

/** A gap of either task. */
interface Gap {
  measure: FairnessMeasure;
  difference: number;
  interval: Interval;
  ratio?: RateRatio | null;
  adjustedPValue: number;
  verdict: GapVerdict;
}

interface ComparedGroup {
  group: string;
  isComparable: boolean;
  rowCount: number;
  gaps: readonly Gap[];
}

interface Compared {
  reference: string | null;
  /** Of a regression's errors: what is tolerated. */
  tolerance: number | null;
  groups: readonly ComparedGroup[];
}

/** A string says why nothing is compared. */
async function compareWindow(
  ctx: ReadContext,
  { modelId, now, question }: Watch,
  side: WatchedSide,
  window: WindowTimes,
  {
    attribute,
    task,
    findClasses,
  }: {
    attribute: Attribute;
    task: Task | null;
    findClasses: ReturnType<typeof createClassFinder>;
  },
): Promise<Compared | string> {
  const { environment, version } = side;
  const key = { modelId, environment, version, segmentKey: attribute.key };
  const { pieces } = coverHours(window.fromTime, window.untilTime, now);
  const rowsMin = Math.max(GROUP_ROWS_MIN, question.definition.sampleMin);
  switch (task) {
    case "binary": {
      const classes = await findClasses(side, window);
      if (classes === null) return "nobody knows yet which class is the positive one";
      const { groups } = await readDecidedGroups(ctx, key, pieces, classes);
      if (groups.length === 0) return "no predictions were made";
      const compared = compareGroups(groups, attribute.referenceValue, rowsMin);
      return {
        reference: compared.reference,
        tolerance: null,
        groups: compared.groups.map((one) => ({ ...one, rowCount: one.selection.total })),
      };
    }
    case "regression": {
      const groups = await readErringGroups(ctx, key, pieces);
      if (groups.length === 0) return "none of its predictions has a label yet";
      const compared = compareErrors(groups, attribute.referenceValue, rowsMin);
      return {
        reference: compared.reference,
        tolerance: compared.tolerance,
        groups: compared.groups.map((one) => ({
          ...one,
          rowCount: one.errors.mean_error?.count ?? 0,
        })),
      };
    }
    case "multiclass":
    case "ranking":
      return `groups of a ${task} model are not compared`;
    case null:
      return "the model's task is not known yet";
  }
}

function toReading(watch: Watch, group: ComparedGroup, compared: Compared): Reading {
  const { statistic, sampleMin } = watch.question.definition;
  const needed = Math.max(GROUP_ROWS_MIN, sampleMin);
  if (compared.reference === null)
    return { kind: "no_data", reason: `no group has the ${needed} rows that a reference needs` };
  if (statistic === "verdict") return judge(watch, group, compared, needed);
  const isRatio = statistic.endsWith("_ratio");
  const measure = statistic.replace(/_(gap|ratio)$/, "");
  const gap = group.gaps.find((one) => one.measure === measure);
  if (gap === undefined)
    return {
      kind: "no_data",
      reason: `too few rows to compare by it: ${needed} are needed on both sides, and ${group.rowCount} rows are of this group`,
    };
  const words = `against ${compared.reference}`;
  const sampleCount = group.rowCount;
  if (!isRatio) {
    const size = sizeOf(gap.difference, gap.interval);
    return { kind: "value", ...size, sampleCount, words };
  }
  if (gap.ratio == null)
    return { kind: "no_data", reason: "undefined: nobody of the reference group was selected" };
  const { value, interval } = gap.ratio;
  // The lower of the two ways to set them in proportion: four fifths hold for either.
  return value > 1
    ? {
        kind: "value",
        value: 1 / value,
        lower: 1 / interval.high,
        upper: interval.low > 0 ? Math.min(1, 1 / interval.low) : 1,
        sampleCount,
        words,
      }
    : {
        kind: "value",
        value,
        lower: interval.low,
        upper: Math.min(1, interval.high),
        sampleCount,
        words,
      };
}

/** How large a difference is whichever way it goes. */
function sizeOf(difference: number, { low, high }: Interval) {
  const [a, b] = [Math.abs(low), Math.abs(high)];
  return {
    value: Math.abs(difference),
    lower: low <= 0 && high >= 0 ? 0 : Math.min(a, b),
    upper: Math.max(a, b),
  };
}

/** A gap in multiples of what is tolerated of its measure, so that 1 is the same for all. */
function multipleOf(gap: Gap, tolerance: number | null): number | null {
  if (gap.ratio != null) {
    const { value } = gap.ratio;
    return value > 0 ? Math.abs(Math.log(value)) / Math.log(FOUR_FIFTHS.high) : null;
  }
  const isError = gap.measure === "mean_error" || gap.measure === "mean_absolute_error";
  const tolerated = isError ? tolerance : TOLERATED_DIFFERENCE.high;
  return tolerated === null || tolerated === 0 ? null : Math.abs(gap.difference) / tolerated;
}

/** A group is treated apart where any measure says so: more than noise over all groups and measures, and more than is tolerated. */
function judge(
  watch: Watch,
  group: ComparedGroup,
  { reference, tolerance }: Compared,
  needed: number,
): Reading {
  const { falseDiscoveryRate } = watch.question.definition;
  const rate = falseDiscoveryRate / watch.sides.length;
  const known = group.gaps.filter(({ verdict }) => verdict !== "cannot_say");
  const apart = known.filter(({ verdict }) => verdict === "gap");
  const [worst] = (apart.length > 0 ? apart : known).toSorted(
    (a, b) => a.adjustedPValue - b.adjustedPValue,
  );
  if (worst === undefined)
    return {
      kind: "no_data",
      reason:
        group.gaps.length === 0
          ? `${group.rowCount} rows, ${needed} needed on both sides`
          : "too few rows to say that it is treated alike",
    };
  const isWhole = known.length === group.gaps.length;
  const isSure = apart.some(({ adjustedPValue }) => adjustedPValue <= rate);
  const value = multipleOf(worst, tolerance) ?? (worst.verdict === "gap" ? 1 : 0);
  return {
    kind: "value",
    value,
    lower: null,
    upper: null,
    sampleCount: group.rowCount,
    judgement: {
      judged: judgedOf({ isApart: apart.length > 0, isSure, isWhole }),
      threshold: 1,
    },
    words: `${nameMeasure(worst.measure).name} of this group ${sayDifference(worst)} that of ${reference}; adjusted p = ${formatNumber(worst.adjustedPValue)}`,
  };
}

/** What some measure cannot say yet clears nothing. */
function judgedOf(found: { isApart: boolean; isSure: boolean; isWhole: boolean }) {
  if (found.isApart) return found.isSure ? ("fire" as const) : ("between" as const);
  return found.isWhole ? ("clear" as const) : ("between" as const);
}

function sayDifference({ measure, difference, ratio }: Gap): string {
  if (ratio != null) return `is ${formatNumber(ratio.value)} times`;
  const isError = measure === "mean_error" || measure === "mean_absolute_error";
  const size = isError
    ? formatNumber(Math.abs(difference))
    : `${formatNumber(Math.abs(difference) * 100)} points`;
  return `is ${size} ${difference < 0 ? "below" : "above"}`;
}
