import type { Cause, CauseFault } from "#lib/stats/causes/cause.ts";
import { formatNumber, formatShare } from "./format-number.ts";

/** What a column looks like, to stand after its name. */
export function describeCause(fault: CauseFault): string {
  switch (fault.kind) {
    case "unit_change":
      return describeUnit(fault.factor, fault.offset, fault.name);
    case "offset":
      return fault.offset > 0
        ? `looks raised by ${formatNumber(fault.offset)}`
        : `looks lowered by ${formatNumber(-fault.offset)}`;
    case "sign_flip":
      return "looks as if its sign were flipped";
    case "truncation":
      return describeTruncation(fault);
    case "default_flood":
      return `is ${nameValue(fault.value)} in ${formatShare(fault.share)} of its values (${formatShare(fault.baselineShare)} before), as if a default stood in for the rest`;
    case "null_flood":
      return fault.what === "missing"
        ? `is missing in ${formatShare(fault.share)} of the rows (${formatShare(fault.baselineShare)} in the reference)`
        : `is NaN or infinite in ${formatShare(fault.share)} of the rows (${formatShare(fault.baselineShare)} in the reference)`;
    case "duplicate_replay":
      return `counts rows twice: ${formatShare(fault.share)} of the rows repeat an earlier one (${formatShare(fault.expectedShare)} before)`;
    case "time_zone_shift":
      return `looks shifted by ${formatNumber(Math.abs(fault.hours))} h ${fault.hours > 0 ? "later" : "earlier"}, as by another time zone`;
    case "relabelled":
      return describeRelabelling(fault);
  }
}

function describeUnit(factor: number, offset: number, name: string | null): string {
  if (offset !== 0) return `looks converted from ${name ?? "another unit"}`;
  const times =
    factor >= 1
      ? `multiplied by ${formatNumber(factor)}`
      : `divided by ${formatNumber(1 / factor)}`;
  return name === null ? `looks ${times}` : `looks ${times}, as from ${name}`;
}

function describeTruncation(fault: Extract<CauseFault, { kind: "truncation" }>): string {
  switch (fault.form) {
    case "ceiling":
      return `looks cut off above ${formatNumber(fault.at)}`;
    case "floor":
      return `looks cut off below ${formatNumber(fault.at)}`;
    case "rounding": {
      const direction = { nearest: "", down: " down", up: " up", toward_zero: " toward zero" };
      return `looks rounded${direction[fault.mode]} to steps of ${formatNumber(fault.step)}`;
    }
    case "length":
      return `looks cut to its first ${fault.length} characters`;
  }
}

function describeRelabelling(fault: Extract<CauseFault, { kind: "relabelled" }>): string {
  const [first] = fault.pairs;
  const example =
    first === undefined ? "" : `: ${nameValue(first[0])} is now ${nameValue(first[1])}`;
  const rest = fault.pairCount > 1 ? `, and ${fault.pairCount - 1} more` : "";
  const how = {
    lower_case: "written in lower case",
    upper_case: "written in upper case",
    letter_case: "written in another case",
    spaces: "written with other spaces",
    prefix: "written with another prefix",
    suffix: "written with another suffix",
    number_format: "written in another number format",
    renamed: "renamed",
    swapped: "swapped among its codes",
  }[fault.rule];
  return `looks ${how}${example}${rest}`;
}

const nameValue = (value: number | string): string => {
  if (typeof value === "number") return formatNumber(value);
  return value === "" ? "(empty)" : `“${value}”`;
};

/** "undoing it removes 98 % of the distance"; nothing where the rows themselves are the finding. */
export function describeQuality({ fault, quality }: Pick<Cause, "fault" | "quality">): string {
  if (fault.kind === "null_flood" || quality <= 0) return "";
  return `undoing it removes ${formatShare(quality)} of the distance`;
}
