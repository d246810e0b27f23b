import type { ExpectationPreview } from "#lib/api/quality.ts";
import type { FeatureType } from "#lib/domain/model.ts";
import type { DeclaredExpectation } from "#lib/domain/quality.ts";
import { expectationLimits, mustNotBeBelow } from "#lib/domain/quality.ts";
import type { DeclaredTolerance } from "#lib/domain/skew.ts";
import { defaultSkewTolerance } from "#lib/domain/skew.ts";
import { formatCount, formatNumber, formatShare } from "./format-number.ts";
import { checkNames } from "./name-quality.ts";
import { plural } from "./sentence.ts";

/** An expectation as it is typed: empty is learned, or of the tolerances the default. */
export interface Draft {
  minimum: string;
  maximum: string;
  /** "0.5". */
  absolute: string;
  /** In per cent: "1". */
  relative: string;
  values: string;
  isRequired: boolean;
}

const noBound = "none";
const anyValue = "*";

const boundText = (bound: number | null | undefined) => {
  if (bound === undefined) return "";
  return bound === null ? noBound : String(bound);
};

export function draftOf(declared: DeclaredExpectation): Draft {
  const { minimum, maximum, allowedValues, isRequired, skewTolerance } = declared;
  return {
    minimum: boundText(minimum),
    maximum: boundText(maximum),
    absolute: String(skewTolerance?.absolute ?? ""),
    relative:
      skewTolerance?.relative === undefined ? "" : String(toPercent(skewTolerance.relative)),
    values: allowedValues === null ? anyValue : (allowedValues?.join("\n") ?? ""),
    isRequired: isRequired === true,
  };
}

export interface ReadDraft {
  /** Null while something typed cannot be read. */
  declared: DeclaredExpectation | null;
  errors: {
    minimum?: string;
    maximum?: string;
    absolute?: string;
    relative?: string;
    values?: string;
  };
}

export function readDraft(draft: Draft, type: FeatureType): ReadDraft {
  const errors: ReadDraft["errors"] = {};
  const bound = (end: "minimum" | "maximum") => {
    const text = draft[end].trim();
    if (text === "" || type !== "numeric") return {};
    if (text.toLowerCase() === noBound) return { [end]: null };
    const value = Number(text);
    if (Number.isFinite(value)) return { [end]: value };
    errors[end] = `"${text}" is no number.`;
    return {};
  };
  const tolerance = (part: "absolute" | "relative") => {
    const text = draft[part].trim();
    if (text === "" || type !== "numeric") return {};
    const value = Number(text);
    const most = part === "relative" ? 100 : Number.MAX_VALUE;
    if (value >= 0 && value <= most)
      return { [part]: part === "relative" ? fromPercent(value) : value };
    errors[part] =
      part === "relative" ? "A share is a number from 0 to 100." : "A number from 0 on.";
    return {};
  };
  const skewTolerance: DeclaredTolerance = { ...tolerance("absolute"), ...tolerance("relative") };
  const values = draft.values
    .split("\n")
    .map((line) => line.trim())
    .filter((line) => line !== "");
  const hasValues = type === "categorical" || type === "boolean";
  const list = values.length === 1 && values[0] === anyValue ? null : [...new Set(values)];
  const declared = {
    ...bound("minimum"),
    ...bound("maximum"),
    ...(hasValues && values.length > 0 ? { allowedValues: list } : {}),
    ...(draft.isRequired ? { isRequired: true } : {}),
    ...(Object.keys(skewTolerance).length > 0 ? { skewTolerance } : {}),
  };
  if (list !== null && list.length > expectationLimits.valuesMax)
    errors.values = `At most ${formatCount(expectationLimits.valuesMax)} values.`;
  const { minimum, maximum }: DeclaredExpectation = declared;
  if (typeof minimum === "number" && typeof maximum === "number" && minimum > maximum)
    errors.maximum = mustNotBeBelow;
  return { declared: Object.keys(errors).length > 0 ? null : declared, errors };
}

/** Without the digits that a division by a hundred adds. */
const toPercent = (share: number) => Number((share * 100).toPrecision(12));
const fromPercent = (percent: number) => Number((percent / 100).toPrecision(12));

/** "0 to 300, required", "learned". */
export function sayDeclared(declared: DeclaredExpectation | null): string {
  if (declared === null || Object.keys(declared).length === 0) return "learned from the baseline";
  const { minimum, maximum, allowedValues, isRequired, skewTolerance } = declared;
  const end = (bound: number | null | undefined) => {
    if (bound === undefined) return "learned";
    return bound === null ? "no bound" : formatNumber(bound);
  };
  return [
    ...(minimum === undefined && maximum === undefined
      ? []
      : [`${end(minimum)} to ${end(maximum)}`]),
    ...(allowedValues === undefined
      ? []
      : [allowedValues === null ? "any value" : `${formatCount(allowedValues.length)} values`]),
    ...(isRequired === true ? ["required"] : []),
    ...(skewTolerance === undefined ? [] : [`skew is ${sayTolerance(skewTolerance)}`]),
  ].join(", ");
}

/** What counts as skew of numbers: "a difference of more than 0.5 and more than 1 %". */
export function sayTolerance(declared: DeclaredTolerance): string {
  const { absolute, relative } = { ...defaultSkewTolerance, ...declared };
  const isBits = absolute > 0 && relative === defaultSkewTolerance.relative;
  const parts = [
    ...(absolute > 0 ? [`more than ${formatNumber(absolute)}`] : []),
    ...(relative > 0 && !isBits ? [`more than ${toPercent(relative)}\u202f%`] : []),
  ];
  return parts.length === 0 ? "any difference" : `a difference of ${parts.join(" and ")}`;
}

/** What a preview found: how many rows of the last day would break it. */
export function sayPreview(preview: ExpectationPreview): string {
  const skew = saySkew(preview.skew);
  return skew === "" ? sayBroken(preview) : `${sayBroken(preview)} ${skew}`;
}

function saySkew(skew: ExpectationPreview["skew"]): string {
  if (skew === null) return "";
  const { comparedCount, differingCount, wouldDifferCount, sampledShare } = skew;
  const sampled = sampledShare < 1 ? ` sampled (${formatShare(sampledShare)})` : "";
  const pairs = `${formatCount(comparedCount)}${sampled} ${plural(comparedCount, "pair")} with the offline store`;
  const count = formatCount(wouldDifferCount);
  return wouldDifferCount === differingCount
    ? `Of ${pairs}, ${count} differ, as now.`
    : `Of ${pairs}, ${count} would differ (${formatShare(wouldDifferCount / comparedCount)}); now ${formatCount(differingCount)} do.`;
}

function sayBroken({ rowCount, violations }: ExpectationPreview): string {
  if (rowCount === 0) return "No rows came in the last 24 h: nothing to try it on.";
  const broken = violations.filter(({ most }) => most > 0);
  if (broken.length === 0)
    return `None of ${formatCount(rowCount)} rows of the last 24 h would break it.`;
  const parts = broken.map(({ check, least, most }) => {
    const count =
      least === most ? formatCount(most) : `${formatCount(least)} to ${formatCount(most)}`;
    return `${count} ${plural(most, "row")} ${checkNames[check]} (${formatShare(most / rowCount)})`;
  });
  return `Of ${formatCount(rowCount)} rows of the last 24 h it would find ${parts.join(", ")}.`;
}
