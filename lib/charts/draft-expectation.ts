import type { ExpectationPreview } from "#lib/api/quality.ts";
import type { FeatureType } from "#lib/domain/model.ts";
import type { DeclaredExpectation } from "#lib/domain/quality.ts";
import { expectationLimits, mustNotBeBelow } from "#lib/domain/quality.ts";
import { formatCount, formatNumber, formatShare } from "./format-number.ts";
import { checkNames } from "./name-quality.ts";
import { plural } from "./sentence.ts";

/** An expectation as it is typed: empty is learned. */
export interface Draft {
  minimum: string;
  maximum: string;
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
  const { minimum, maximum, allowedValues, isRequired } = declared;
  return {
    minimum: boundText(minimum),
    maximum: boundText(maximum),
    values: allowedValues === null ? anyValue : (allowedValues?.join("\n") ?? ""),
    isRequired: isRequired === true,
  };
}

export interface ReadDraft {
  /** Null while something typed cannot be read. */
  declared: DeclaredExpectation | null;
  errors: { minimum?: string; maximum?: string; values?: string };
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
  };
  if (list !== null && list.length > expectationLimits.valuesMax)
    errors.values = `At most ${formatCount(expectationLimits.valuesMax)} values.`;
  const { minimum, maximum }: DeclaredExpectation = declared;
  if (typeof minimum === "number" && typeof maximum === "number" && minimum > maximum)
    errors.maximum = mustNotBeBelow;
  return { declared: Object.keys(errors).length > 0 ? null : declared, errors };
}

/** "0 to 300, required", "learned". */
export function sayDeclared(declared: DeclaredExpectation | null): string {
  if (declared === null || Object.keys(declared).length === 0) return "learned from the baseline";
  const { minimum, maximum, allowedValues, isRequired } = declared;
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
  ].join(", ");
}

/** What a preview found: how many rows of the last day would break it. */
export function sayPreview({ rowCount, violations }: ExpectationPreview): string {
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
