import type { StatisticUnit } from "#lib/domain/monitor-definition.ts";
import { unitOf } from "#lib/domain/monitor-definition.ts";
import type { Expectation, QueryKind } from "#lib/domain/runbook.ts";

const verdictWords: Partial<Record<QueryKind, string>> = {
  drift: "no drift",
  quality: "no problem",
  skew: "no skew",
};

const durations: Readonly<Record<string, number>> = {
  ms: 1,
  s: 1_000,
  min: 60_000,
  h: 3_600_000,
  d: 86_400_000,
};

const figure = String.raw`(-?\d+(?:\.\d+)?(?:e-?\d+)?)\s*(%|ms|s|min|h|d)?`;
const oneSided = new RegExp(String.raw`^(<=|>=|<|>)\s*${figure}(\s+of\s+reference)?$`, "i");
const twoSided = new RegExp(String.raw`^${figure}\s+to\s+${figure}(\s+of\s+reference)?$`, "i");

/** What a query step expects, as `< 0.2`, `80 % to 120 % of reference`, `<= 15 min`, `no drift`. A string says what is wrong. */
export function parseExpectation(
  written: string,
  kind: QueryKind,
  statistic: string,
): Expectation | string {
  const text = written.trim();
  const word = statistic === "verdict" ? verdictWords[kind] : undefined;
  if (word !== undefined)
    return text.toLowerCase() === word
      ? { kind: "verdict" }
      : `a verdict is expected as \`${word}\`; found \`${text}\``;
  const unit = unitOf(kind, statistic);
  const one = oneSided.exec(text);
  if (one !== null) {
    const [, sign = "", number, suffix, relative] = one;
    const at = toValue(number, suffix, unit, relative !== undefined);
    if (typeof at === "string") return at;
    const bound = { at, isIn: sign.endsWith("=") };
    const [low, high] = sign.startsWith(">") ? [bound, null] : [null, bound];
    return { kind: "range", low, high, isRelative: relative !== undefined, text };
  }
  const two = twoSided.exec(text);
  if (two !== null) {
    const [, first, firstSuffix, second, secondSuffix, relative] = two;
    const isRelative = relative !== undefined;
    const low = toValue(first, firstSuffix ?? secondSuffix, unit, isRelative);
    const high = toValue(second, secondSuffix, unit, isRelative);
    if (typeof low === "string") return low;
    if (typeof high === "string") return high;
    if (low > high) return `the first bound must not be above the second; found \`${text}\``;
    return {
      kind: "range",
      low: { at: low, isIn: true },
      high: { at: high, isIn: true },
      isRelative,
      text,
    };
  }
  const example = unit === "ms" ? "`<= 15 min`" : "`< 0.2`, `80 % to 120 % of reference`";
  return `expected a bound or a range, as ${example}; found \`${text}\``;
}

function toValue(
  number: string | undefined,
  suffix: string | undefined,
  unit: StatisticUnit,
  isRelative: boolean,
): number | string {
  const value = Number(number);
  if (!Number.isFinite(value)) return `\`${number}\` is too large for a number`;
  const mark = suffix?.toLowerCase();
  if (mark === "%") {
    if (isRelative || unit === "share" || unit === "none") return value / 100;
    return "per cent can be expected only of shares, or `of reference`";
  }
  if (isRelative)
    return mark === undefined
      ? value
      : `a share of the reference has no unit; found \`${suffix}\`, expected \`%\` or none`;
  if (mark === undefined)
    return unit === "ms"
      ? "a time is expected with its unit: ms, s, min, h or d, as `<= 15 min`"
      : value;
  const factor = durations[mark];
  if (unit !== "ms" || factor === undefined) return `this statistic has no unit \`${suffix}\``;
  return value * factor;
}
