import type {
  CausePart,
  FeaturePart,
  RootCause,
  SegmentKeyPart,
  SegmentPart,
} from "#lib/api/root-cause.ts";
import type { CauseMeasure } from "#lib/domain/root-cause.ts";
import { formatCount, formatNumber, formatShare } from "./format-number.ts";
import { nameMetric } from "./name-metric.ts";
import type { Sentence } from "./sentence.ts";
import { figure, name, plural, sentence } from "./sentence.ts";

/** A bar from `from` to `until` on an axis from 0 to 1, and where its interval lies. */
export interface CauseBar {
  from: number;
  until: number;
  low: number;
  high: number;
  /** Which way it moves the measure. */
  direction: "up" | "down";
}

export interface CauseRow {
  key: string;
  kind: "whole" | "feature" | "rest" | "interaction" | "remainder";
  label: string;
  /** What stands behind it, in words. */
  note: string;
  valueText: string;
  intervalText: string;
  bar: CauseBar;
  isBeyondNoise: boolean;
  /** Whose drift it opens. */
  feature: string | null;
}

export interface CauseSegmentRow {
  key: string;
  label: string;
  countText: string;
  shareText: string;
  meanText: string;
  mixText: string;
  behaviourText: string;
  totalText: string;
  isBeyondNoise: boolean;
}

export interface CauseSegments {
  key: string;
  headline: Sentence;
  /** What the means are of: "accuracy". */
  meanOf: string;
  rows: readonly CauseSegmentRow[];
  /** Values that are not listed. */
  restCount: number;
}

export interface RootCauseModel {
  headline: Sentence;
  details: readonly Sentence[];
  /** "points of accuracy": the unit of all figures. */
  unit: string;
  /** A waterfall: the whole, its parts one after another, empty where nothing is ranked. */
  rows: readonly CauseRow[];
  /** Where 0 is on the axis of the bars. */
  zero: number;
  segments: readonly CauseSegments[];
}

const namedMax = 2;
const featureRowsMax = 10;
/** What is real and adds less than this share of the change explains nothing. */
const shownShareMin = 0.02;

/** What explains a change, ready to be said and drawn. */
export function prepareRootCause(answer: RootCause): RootCauseModel {
  const { change, verdict, measure } = answer;
  const bare = { unit: "", rows: [], zero: 0, segments: [] };
  if (change === null || measure === null || verdict === "cannot_say")
    return {
      ...bare,
      headline: sentence`Cannot say what explains a change of ${nameSubject(answer)}: ${answer.reason}.`,
      details: [],
    };
  const say = sayerOf(measure);
  const samples = describeSamples(answer);
  if (verdict === "no_move")
    return {
      ...bare,
      headline: sentence`Nothing moved beyond noise: ${nameWhat(answer)} is ${figure(say.level(change.windowMean))} against ${figure(say.level(change.referenceMean))} (a change between ${figure(say.signed(change.low))} and ${figure(say.signed(change.high))}${say.unit}), so there is nothing to explain.`,
      details: [samples],
    };
  return {
    headline: sayHeadline(answer, change, say),
    details: [...sayDetails(answer, say), samples],
    unit: `${say.unit.trim() === "" ? "change" : say.unit.trim()} of ${nameWhat(answer)}`,
    ...prepareRows(answer, change, say),
    segments: answer.segments.map((one) => prepareSegments(one, say, nameWhat(answer))),
  };
}

interface Sayer {
  /** A size without its sign: "3.2". */
  size: (value: number) => string;
  /** With it: "+3.2". */
  signed: (value: number) => string;
  /** A mean itself: "84 %", "12.4". */
  level: (value: number) => string;
  /** " points", or nothing. */
  unit: string;
}

function sayerOf(measure: CauseMeasure): Sayer {
  const isShare = measure === "accuracy" || measure === "decided";
  const size = (value: number) =>
    isShare ? formatPoints(Math.abs(value)) : formatNumber(Math.abs(value));
  return {
    size,
    signed: (value) => toSigned(value, size(value)),
    level: (value) => (isShare ? formatShare(value) : formatNumber(value)),
    unit: isShare ? " points" : "",
  };
}

/** What is rounded to nothing has no direction. */
const toSigned = (value: number, size: string): string =>
  Number(size) === 0 ? size : `${value < 0 ? "\u2212" : "+"}${size}`;

const formatPoints = (share: number) => (share * 100).toFixed(share < 0.001 ? 2 : 1);

function nameSubject({ of }: RootCause): string {
  return of === "performance" ? "performance" : "what the model predicts";
}

/** "accuracy", "the share of late", "the mean prediction": what moved. */
function nameWhat({ measure, className }: RootCause): string {
  switch (measure) {
    case "accuracy":
    case "mae":
      return nameMetric(measure);
    case "decided":
      return `the share of ${className}`;
    case "score":
      return className === "" ? "the mean score" : `the mean score of ${className}`;
    case "value":
    case null:
      return "the mean prediction";
  }
}

const capital = (text: string) => `${text.charAt(0).toUpperCase()}${text.slice(1)}`;

function sayHeadline(answer: RootCause, change: CausePart, say: Sayer): Sentence {
  const what = nameWhat(answer);
  const range = sentence`${figure(say.signed(change.low))} to ${figure(say.signed(change.high))}`;
  const found = answer.features.filter((part) => part.isBeyondNoise);
  if (!change.isBeyondNoise) {
    const cancelling = found.slice(0, namedMax).map((part) => sayPart(part, say));
    return cancelling.length === 0
      ? sentence`${capital(what)} has not moved beyond noise (${range}${say.unit}), but parts of it have.`
      : sentence`${capital(what)} has not moved beyond noise (${range}${say.unit}), but parts of it have and nearly cancel: ${join(cancelling)}.`;
  }
  const moved = change.value < 0 ? "fell" : "rose";
  const along = found.filter((part) => Math.sign(part.value) === Math.sign(change.value));
  const left = answer.remainder;
  if (along.length === 0) {
    const rest =
      answer.remainder === null
        ? sentence`.`
        : sentence`, and no feature explains it by more than noise.`;
    return sentence`${capital(what)} ${moved} by ${figure(say.size(change.value))}${say.unit} (${range})${rest}`;
  }
  const [first, ...others] = along.slice(0, namedMax).map((part) => sayShare(part, answer, say));
  const rest = left?.isBeyondNoise === true ? sayLeft(left, change, say) : sentence``;
  return sentence`Of the ${figure(say.size(change.value))}${say.unit} that ${what} ${moved}, ${first ?? sentence``}${others.flatMap((one) => sentence`, ${one}`)}${rest}.`;
}

/** What the features leave, or where they say more than the whole. */
function sayLeft(left: CausePart, change: CausePart, say: Sayer): Sentence {
  return Math.sign(left.value) === Math.sign(change.value)
    ? sentence`; ${figure(say.size(left.value))} are not explained by the features`
    : sentence`; ${figure(say.signed(left.value))}, the other way, is not explained by the features`;
}

/** "3.2 come from distance (drifted, importance 2nd of 12)". */
function sayShare(part: FeaturePart, answer: RootCause, say: Sayer): Sentence {
  const words = [
    part.drift === "drift" ? "drifted" : "",
    part.importanceRank === null
      ? ""
      : `importance ${ordinal(part.importanceRank)} of ${answer.importance.featureCount}`,
  ].filter((word) => word !== "");
  const known = words.length === 0 ? "" : ` (${words.join(", ")})`;
  return sentence`${figure(say.size(part.value))} come from ${name(part.feature)}${known}`;
}

const sayPart = (part: FeaturePart, say: Sayer): Sentence =>
  sentence`${name(part.feature)} ${figure(say.signed(part.value))}`;

const join = (parts: readonly Sentence[]): Sentence =>
  parts.flatMap((part, i) => (i === 0 ? part : sentence`, ${part}`));

const ordinal = (place: number): string => {
  const [tens, ones] = [place % 100, place % 10];
  if (tens >= 11 && tens <= 13) return `${place}th`;
  return `${place}${["th", "st", "nd", "rd"][ones] ?? "th"}`;
};

function sayDetails(answer: RootCause, say: Sayer): Sentence[] {
  const { surrogate, interaction, features } = answer;
  const details: Sentence[] = [];
  const restored = features.filter(
    ({ kind, isBeyondNoise }) => kind === "restored" && isBeyondNoise,
  );
  const [first] = restored;
  if (first !== undefined)
    details.push(
      sentence`Putting the values of ${name(first.feature)} back where the reference’s were, rank by rank, would win back ${figure(say.size(first.value))}${say.unit}: look for a fault in how it is made.`,
    );
  if (interaction?.isBeyondNoise === true)
    details.push(
      sentence`${figure(say.signed(interaction.value))}${say.unit} come from features that moved together.`,
    );
  const [outside] = features.filter(
    ({ outsideShare, isBeyondNoise }) => isBeyondNoise && (outsideShare ?? 0) > 0.05,
  );
  if (outside !== undefined)
    details.push(
      sentence`${figure(formatShare(outside.outsideShare))} of the values of ${name(outside.feature)} lie beyond all that was ever seen of it: what they do to the answers is more than its bar says, and stands under what is not explained.`,
    );
  if (surrogate.state !== "used")
    details.push(sentence`What features add by having moved cannot be said: ${surrogate.reason}.`);
  for (const { key, side } of answer.untagged)
    details.push(
      side === "reference"
        ? sentence`By ${name(key)} nothing can be said: no row of ${answer.reference?.label ?? "the reference"} has the tag. Compare with the time before.`
        : sentence`By ${name(key)} nothing can be said: no row of the window has the tag.`,
    );
  return details;
}

function describeSamples(answer: RootCause): Sentence {
  const { change, surrogate, windowRowCount, referenceRowCount } = answer;
  const rows = answer.of === "performance" ? "labelled rows" : "rows";
  const count = (looked: number, all: number) =>
    looked < all ? `${formatCount(looked)} of ${formatCount(all)}` : formatCount(looked);
  const compared = sentence`${figure(count(change?.windowCount ?? 0, windowRowCount))} ${rows} against ${figure(count(change?.referenceCount ?? 0, referenceRowCount))} of ${answer.reference?.label ?? "the reference"}.`;
  const ranked =
    answer.importance.source === "explanations"
      ? " Importance is by the explanations that came with the predictions."
      : "";
  if (surrogate.r2 === null || surrogate.state !== "used") return sentence`${compared}${ranked}`;
  const taught = surrogate.learnedFrom === "baseline" ? "the baseline" : "logged rows";
  return sentence`${compared} By a surrogate learned from ${figure(formatCount(surrogate.rowCount))} rows of ${taught}, R² ${figure(formatNumber(surrogate.r2))} on rows held out.${ranked}`;
}

function prepareRows(answer: RootCause, change: CausePart, say: Sayer) {
  const { interaction, remainder } = answer;
  const whole = Math.abs(change.value);
  const listed = answer.features
    .filter((part) => part.isBeyondNoise && Math.abs(part.value) >= shownShareMin * whole)
    .slice(0, featureRowsMax);
  const unlisted = answer.features.filter((part) => !listed.includes(part));
  if (answer.features.length === 0 && remainder === null) return { rows: [], zero: 0 };
  const parts: (Omit<CauseRow, "bar" | "valueText" | "intervalText"> & { part: CausePart })[] =
    listed.map((part) => ({
      key: `feature:${part.feature}`,
      kind: "feature",
      label: part.feature,
      note: noteOf(part, answer),
      part,
      isBeyondNoise: true,
      feature: part.feature,
    }));
  const sum = unlisted.reduce((total, { value }) => total + value, 0);
  if (unlisted.length > 0)
    parts.push({
      key: "rest",
      kind: "rest",
      label: `${unlisted.length} ${plural(unlisted.length, "other feature")}`,
      note: unlisted.some((part) => part.isBeyondNoise)
        ? "each within noise, or too small to be listed"
        : "each within noise",
      // Each is judged by itself: their sum has no interval of its own.
      part: { value: sum, low: sum, high: sum, pValue: 1, isBeyondNoise: false },
      isBeyondNoise: false,
      feature: null,
    });
  // Steps of a waterfall: each part begins where the one before ended.
  const steps: { part: CausePart; start: number }[] = [];
  let at = 0;
  if (interaction !== null)
    parts.push({
      key: "interaction",
      kind: "interaction",
      label: "moved together",
      note: "what no feature does alone",
      part: interaction,
      isBeyondNoise: interaction.isBeyondNoise,
      feature: null,
    });
  if (remainder !== null)
    parts.push({
      key: "remainder",
      kind: "remainder",
      label: "not explained",
      note: "what the features do not say",
      part: remainder,
      isBeyondNoise: remainder.isBeyondNoise,
      feature: null,
    });
  for (const { part } of parts) {
    steps.push({ part, start: at });
    at += part.value;
  }
  const ends = [
    0,
    change.value,
    ...steps.flatMap(({ part, start }) => [start, start + part.value]),
  ];
  const [low, high] = [Math.min(...ends), Math.max(...ends)];
  const span = high - low || 1;
  const place = (value: number) => Math.min(1, Math.max(0, (value - low) / span));
  const barOf = (part: CausePart, start: number): CauseBar => ({
    from: place(Math.min(start, start + part.value)),
    until: place(Math.max(start, start + part.value)),
    low: place(start + part.low),
    high: place(start + part.high),
    direction: part.value < 0 ? "down" : "up",
  });
  const textOf = (part: CausePart) => ({
    valueText: say.signed(part.value),
    intervalText:
      part.low === part.high ? "" : `${say.signed(part.low)} to ${say.signed(part.high)}`,
  });
  const first: CauseRow = {
    key: "whole",
    kind: "whole",
    label: `${nameWhat(answer)}, all`,
    note: "",
    ...textOf(change),
    bar: barOf(change, 0),
    isBeyondNoise: change.isBeyondNoise,
    feature: null,
  };
  const rows = parts.map(
    ({ part, ...row }, i): CauseRow => ({
      ...row,
      ...textOf(part),
      bar: barOf(part, steps[i]?.start ?? 0),
    }),
  );
  return { rows: [first, ...rows], zero: place(0) };
}

function noteOf(part: FeaturePart, { importance }: RootCause): string {
  const verdicts = { drift: "drifted", no_drift: "no drift of its own", cannot_say: "" } as const;
  const rank =
    part.importanceRank === null
      ? ""
      : `importance ${ordinal(part.importanceRank)} of ${importance.featureCount}`;
  const how = part.kind === "restored" ? "won back when its values are put back" : "";
  return [part.drift === null ? "" : verdicts[part.drift], rank, how]
    .filter((word) => word !== "")
    .join(", ");
}

function prepareSegments(
  { key, mix, behaviour, values, valueCount }: SegmentKeyPart,
  say: Sayer,
  meanOf: string,
): CauseSegments {
  const [worst] = values.filter(({ total }) => total.isBeyondNoise);
  const most =
    worst === undefined
      ? sentence`; no value of it by more than noise`
      : sentence`; most by ${name(nameSegment(worst))}, ${figure(say.signed(worst.total.value))}`;
  return {
    key,
    meanOf,
    headline: sentence`By ${name(key)}: ${figure(say.signed(mix.value))}${say.unit} because shares moved (${sayNoise(mix)}), ${figure(say.signed(behaviour.value))} because segments behave otherwise (${sayNoise(behaviour)})${most}.`,
    rows: values.map((value): CauseSegmentRow => {
      const mean = (at: number | null) => (at === null ? "–" : say.level(at));
      return {
        key: value.value,
        label: nameSegment(value),
        countText: `${formatCount(value.windowCount)} against ${formatCount(value.referenceCount)}`,
        shareText: `${formatShare(value.referenceShare)} → ${formatShare(value.windowShare)}`,
        meanText: `${mean(value.referenceMean)} → ${mean(value.windowMean)}`,
        mixText: say.signed(value.mix.value),
        behaviourText: say.signed(value.behaviour.value),
        totalText: say.signed(value.total.value),
        isBeyondNoise: value.total.isBeyondNoise,
      };
    }),
    restCount: valueCount - values.length,
  };
}

const sayNoise = (part: CausePart) => (part.isBeyondNoise ? "more than noise" : "within noise");

const nameSegment = ({ value }: SegmentPart): string => {
  if (value === "") return "(no tag)";
  return value === "*other*" ? "all rare values" : value;
};
