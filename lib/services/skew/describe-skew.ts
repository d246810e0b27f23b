import type { FeatureSkew } from "#lib/api/skew.ts";
import type { FeatureType } from "#lib/domain/model.ts";
import type { SkewTolerance } from "#lib/domain/skew.ts";
import type { Transformation } from "#lib/stats/skew/explain-pairs.ts";
import type { SkewVerdict } from "#lib/stats/skew/judge-skew.ts";
import { skewDefaults } from "#lib/stats/skew/judge-skew.ts";
import type { SkewCounts } from "#lib/stats/skew/skew-counts.ts";
import { comparedOf, differingOf } from "#lib/stats/skew/skew-counts.ts";
import type { JudgedFeature } from "./read-skew.ts";

/** Why the verdict is what it is, in words. */
export function describeSkew(verdict: SkewVerdict, counts: SkewCounts): string {
  switch (verdict.kind) {
    case "skew":
      return `${describeCounts(counts)} of ${count(comparedOf(counts))} pairs`;
    case "no_skew":
      return verdict.reason === "no_difference"
        ? `all ${count(comparedOf(counts))} pairs match`
        : `${count(differingOf(counts))} of ${count(comparedOf(counts))} pairs differ, no more than ${skewDefaults.floor * 100} % allows`;
    case "cannot_say":
      switch (verdict.reason) {
        case "not_offline":
          return "the offline rows do not have it";
        case "not_served":
          return "it is offline and was never served";
        case "too_few_pairs":
          return `${count(verdict.have)} ${verdict.have === 1 ? "pair" : "pairs"}, ${verdict.needed} needed`;
      }
  }
}

/** The ways in which they differ, the most frequent first. */
function describeCounts(counts: SkewCounts): string {
  const ways: [number, string][] = [
    [counts.mismatch, "another value"],
    [counts.typeMismatch, "another type"],
    [counts.offlineOnly, "missing when served"],
    [counts.servedOnly, "missing offline"],
  ];
  return ways
    .filter(([n]) => n > 0)
    .sort((a, b) => b[0] - a[0])
    .map(([n, words]) => `${count(n)} ${words}`)
    .join(", ");
}

const count = (n: number) => n.toLocaleString("en-GB");
const short = (value: number) => String(Number(value.toPrecision(4))).replace("-", "\u2212");

/** What was served, as a formula of offline: "offline × 1.609 (miles to kilometres)". */
export function describeTransformation(transformation: Transformation): string {
  switch (transformation.kind) {
    case "scale": {
      const { factor, name } = transformation;
      return `offline × ${short(factor)}${name === null ? "" : ` (${name})`}`;
    }
    case "offset": {
      const { amount } = transformation;
      return `offline ${amount < 0 ? "\u2212" : "+"} ${short(Math.abs(amount))}`;
    }
    case "rounding":
      return `offline rounded ${digits(transformation.digits)}`;
    case "truncation":
      return `offline cut off ${digits(transformation.digits)}`;
    case "float32":
      return transformation.side === "served"
        ? "offline as a 32-bit float"
        : "offline with the digits that its 32-bit float lost";
    case "constant":
      return `always ${transformation.value}`;
    case "type":
      return `offline sent as a ${transformation.to} instead of a ${transformation.from}`;
    case "case":
      return "offline in another case";
    case "spaces":
      return "offline with other spaces";
    case "time_zone": {
      const { minutes } = transformation;
      const hours = Math.floor(Math.abs(minutes) / 60);
      const rest = Math.abs(minutes) % 60;
      const words = [hours > 0 ? `${hours} h` : "", rest > 0 ? `${rest} min` : ""];
      return `offline shifted by ${minutes < 0 ? "\u2212" : "+"}${words.filter((one) => one !== "").join(" ")} (time zone)`;
    }
    case "relabel": {
      const [first] = transformation.entries;
      return `offline under other labels${first === undefined ? "" : `, such as ${first[0]} as ${first[1]}`}`;
    }
  }
}

function digits(count: number): string {
  if (count === 0) return "to whole numbers";
  return count > 0
    ? `to ${count} ${count === 1 ? "decimal" : "decimals"}`
    : `to multiples of ${10 ** -count}`;
}

export function toFeatureSkew(
  one: JudgedFeature,
  more: {
    type: FeatureType | null;
    sinceMs: number | null;
    drift: FeatureSkew["drift"];
    tolerance: SkewTolerance | null;
  },
): FeatureSkew {
  const { counts, judged } = one;
  return {
    feature: one.feature,
    type: more.type,
    verdict: judged.verdict.kind,
    reason: describeSkew(judged.verdict, counts),
    comparedCount: comparedOf(counts),
    differingCount: differingOf(counts),
    matchCount: counts.match,
    mismatchCount: counts.mismatch,
    typeMismatchCount: counts.typeMismatch,
    offlineOnlyCount: counts.offlineOnly,
    servedOnlyCount: counts.servedOnly,
    rate: judged.rate === null ? null : toRate(judged.rate),
    adjustedPValue: judged.adjustedPValue,
    firstDifferingAt: toIso(one.firstDifferingMs),
    since: toIso(more.sinceMs),
    drift: more.drift,
    tolerance: more.tolerance,
  };
}

export const toRate = ({
  value,
  lower,
  upper,
}: {
  value: number;
  lower: number;
  upper: number;
}) => ({
  value,
  lower,
  upper,
});

const toIso = (ms: number | null): string | null =>
  ms === null ? null : new Date(ms).toISOString();
