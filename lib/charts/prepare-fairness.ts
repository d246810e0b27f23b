import type { Fairness, FairnessGroup, Measured } from "#lib/api/fairness.ts";
import type { FairnessMeasure, GapVerdict } from "#lib/domain/fairness.ts";
import { formatCount, formatNumber, formatShare } from "./format-number.ts";
import { nameGroup, nameMeasure } from "./name-fairness.ts";
import { sayDifference } from "./say-difference.ts";
import type { Answer, Sentence } from "./sentence.ts";
import { figure, name, plural, sentence } from "./sentence.ts";

const errors: ReadonlySet<FairnessMeasure> = new Set(["mean_error", "mean_absolute_error"]);

export const isErrorMeasure = (measure: FairnessMeasure): boolean => errors.has(measure);

const rounded = (value: number) => formatNumber(Number(value.toPrecision(3)));

export const sayMeasured = (measure: FairnessMeasure, value: number): string =>
  isErrorMeasure(measure) ? rounded(value) : formatShare(value);

export interface JudgedGap {
  group: FairnessGroup;
  measured: Measured;
  gap: NonNullable<Measured["gap"]>;
}

/** Gaps of a kind, worst first: of selection rates by how far the ratio is from one, of all else by the difference. */
export function listGaps({ groups }: Fairness, verdict: GapVerdict): JudgedGap[] {
  const sizeOf = ({ gap, measured }: JudgedGap) =>
    (measured.measure === "selection_rate" ? 1_000 : 0) +
    (gap.ratio === null || gap.ratio.value === 0
      ? Math.abs(gap.difference)
      : Math.abs(Math.log(gap.ratio.value)));
  return groups
    .flatMap((group) =>
      group.measures.flatMap((measured) =>
        measured.gap?.verdict === verdict ? [{ group, measured, gap: measured.gap }] : [],
      ),
    )
    .sort((a, b) => sizeOf(b) - sizeOf(a));
}

/** Are the groups treated alike, and if not, which one is not, by how much, how sure? */
export function prepareFairnessAnswer(fairness: Fairness, rangeText: string): Answer {
  const model = name(fairness.model);
  const cannotSay = sentence`Cannot say whether ${model} treats groups alike`;
  switch (fairness.state) {
    case "no_sensitive_attribute":
      return {
        health: "unknown",
        headline: sentence`${cannotSay}: no sensitive attribute is marked.`,
        detail:
          fairness.attributes.length === 0
            ? sentence`Declare a segment key, such as an age band, and mark it below.`
            : sentence`Mark one of ${figure(`${fairness.attributes.length} declared segment ${plural(fairness.attributes.length, "key")}`)} below.`,
      };
    case "not_for_task":
      return {
        health: "unknown",
        headline: sentence`${cannotSay}: it is neither a model of two classes nor one of numbers.`,
        detail: sentence`What a model predicts can be confirmed on the page Schema.`,
      };
    case "positive_class_unknown":
      return {
        health: "unknown",
        headline: sentence`${cannotSay}: nothing says which of its classes is the positive one.`,
        detail: sentence`Send scores, or name the classes 1 and 0, true and false, or yes and no.`,
      };
    case "no_rows":
      return {
        health: "unknown",
        headline: sentence`${cannotSay}: no row ${rangeText} is profiled by ${name(fairness.attribute ?? "")}.`,
        detail: sentence`Rows carry it as a tag; take a longer range or another version.`,
      };
    case "judged":
      return sayJudged(fairness, rangeText);
  }
}

function sayJudged(fairness: Fairness, rangeText: string): Answer {
  const model = name(fairness.model);
  const attribute = name(fairness.attribute ?? "");
  const of = (verdict: GapVerdict) => listGaps(fairness, verdict);
  const [gaps, small, none, open] = [of("gap"), of("small_gap"), of("no_gap"), of("cannot_say")];
  const [worst] = gaps;
  const detail = sayGroups(fairness, gaps.length);
  if (worst !== undefined)
    return {
      health: "watch",
      headline: sentence`${model} does not treat ${attribute} alike ${rangeText}: ${sayGap(fairness, worst)}.`,
      detail,
    };
  const judgedCount = small.length + none.length;
  if (judgedCount === 0)
    return {
      health: "unknown",
      headline: sentence`Cannot say whether ${model} treats ${attribute} alike ${rangeText}: ${open.length > 0 ? "every gap is within noise, and noise reaches beyond what is tolerated" : `no two groups have the ${fairness.rule.rowCountMin} rows that are needed`}.`,
      detail,
    };
  const [largest] = small;
  const rest =
    largest === undefined
      ? sentence`no gap is more than noise`
      : sentence`the largest gap that is more than noise is tolerated, ${sayGap(fairness, largest)}`;
  return {
    health: "healthy",
    headline: sentence`${model} treats ${attribute} alike ${rangeText} as far as can be said: ${rest}.`,
    detail:
      open.length === 0
        ? detail
        : sentence`${detail} ${figure(`${open.length} of ${open.length + judgedCount}`)} comparisons rest on too few rows to say.`,
  };
}

/** "female has a selection rate of 22 % against 41 % of male, ratio 0.54 (0.48 to 0.6)". */
function sayGap(fairness: Fairness, { group, measured, gap }: JudgedGap): Sentence {
  const { measure, value } = measured;
  const reference = fairness.groups.find(({ isReference }) => isReference);
  const theirs = reference?.measures.find((one) => one.measure === measure)?.value ?? null;
  const say = (one: number | null) => (one === null ? "none" : sayMeasured(measure, one));
  const size =
    gap.ratio === null
      ? sayDifference(measure, gap.difference, gap.lower, gap.upper)
      : `ratio ${rounded(gap.ratio.value)} (${rounded(gap.ratio.lower)} to ${rounded(gap.ratio.upper)})`;
  return sentence`${name(nameGroup(group.value))} has a ${nameMeasure(measure).name} of ${figure(say(value))} against ${figure(say(theirs))} of ${name(nameGroup(reference?.value ?? ""))}, ${figure(size)}`;
}

function sayGroups(fairness: Fairness, gapCount: number): Sentence {
  const compared = fairness.groups.filter(({ isComparable }) => isComparable);
  const rowCount = compared.reduce((sum, group) => sum + group.rowCount, 0);
  const labelled = compared.reduce((sum, group) => sum + group.labelledCount, 0);
  const reference = fairness.reference;
  const against =
    reference === null
      ? sentence``
      : sentence` Held against ${name(nameGroup(reference.value))}, ${reference.endsByHand ? "the declared reference" : sayDefault(fairness)}.`;
  const more = gapCount > 1 ? sentence` ${figure(`${gapCount} gaps`)} in all.` : sentence``;
  const waiting = fairness.isWaiting
    ? sentence` Some hours are still being worked out.`
    : sentence``;
  const rows =
    fairness.task === "regression"
      ? sentence`${figure(formatCount(labelled))} labelled predictions`
      : sentence`${figure(formatCount(rowCount))} decisions, ${figure(formatCount(labelled))} labelled`;
  return sentence`${figure(`${compared.length} groups`)}, ${rows}.${against}${more}${waiting}`;
}

const sayDefault = ({ task }: Fairness) =>
  task === "regression" ? "the largest group" : "the most selected group";

/** One group's value on an axis that all groups share, 0 to 1 along it. */
export interface GroupBar {
  /** Where the axis has its zero. */
  zero: number;
  value: number;
  from: number;
  until: number;
  reference: number | null;
  /** Where a gap stops being tolerated: one bound of four fifths, or both sides of a difference. */
  limits: readonly number[];
  sentence: string;
}

export function prepareGroupBars(
  fairness: Fairness,
  measure: FairnessMeasure,
): ReadonlyMap<string, GroupBar> {
  const rows = fairness.groups.flatMap((group) => {
    const one = group.measures.find((each) => each.measure === measure);
    return one?.value == null ? [] : [{ group, one, value: one.value }];
  });
  const reference = rows.find(({ group }) => group.isReference)?.value ?? null;
  const { rule } = fairness;
  const limits = reference === null ? [] : limitsOf(measure, reference, rule);
  const shown = [
    0,
    ...limits,
    ...rows.flatMap(({ one, value }) => [value, one.lower ?? value, one.upper ?? value]),
  ];
  const low = Math.min(...shown);
  const high = isErrorMeasure(measure) ? Math.max(...shown) : Math.min(1, Math.max(...shown));
  const place = (value: number) =>
    high === low ? 0 : Math.min(1, Math.max(0, (value - low) / (high - low)));
  return new Map(
    rows.map(({ group, one, value }) => [
      group.value,
      {
        zero: place(0),
        value: place(value),
        from: place(one.lower ?? value),
        until: place(one.upper ?? value),
        reference: reference === null ? null : place(reference),
        limits: limits.map(place),
        sentence: `${nameGroup(group.value)}: ${sayMeasured(measure, value)}`,
      },
    ]),
  );
}

function limitsOf(measure: FairnessMeasure, reference: number, rule: Fairness["rule"]): number[] {
  if (measure === "selection_rate") return [reference * rule.ratioMin];
  const within = isErrorMeasure(measure) ? rule.errorDifferenceMax : rule.differenceMax;
  return within === null ? [] : [reference - within, reference + within];
}
