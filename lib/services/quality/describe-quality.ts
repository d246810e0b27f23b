import type { QualityCheckName } from "#lib/domain/quality.ts";
import type { FeatureQuality, JudgedCheck } from "#lib/stats/quality/quality-verdict.ts";
import type { QualityKey } from "./ask-keys.ts";

/** Why the verdict is what it is, in words: the figures that decided. */
export function describeQuality(key: QualityKey): string {
  const { verdict } = key.quality;
  switch (verdict.kind) {
    case "problem":
      return key.quality.checks
        .filter((check) => check.outcome === "problem")
        .map((check) => describeCheck(check, key))
        .join("; ");
    case "cannot_say":
      switch (verdict.lack.reason) {
        case "no_baseline":
          return key.isNeverSent
            ? "in the baseline, and never sent"
            : "nothing to compare with: the baseline does not have it";
        case "too_few_baseline_rows":
          return `${counted(verdict.lack.have)} to compare with, ${verdict.lack.needed} needed`;
        case "too_few_window_rows":
          return `${counted(verdict.lack.have)} in the window, ${verdict.lack.needed} needed`;
        case "too_little_history":
          return `one value so far, ${quote(key.asked.window.dominant?.name ?? "")}: whether it is stuck can be told after ${verdict.lack.needed} days of it, ${verdict.lack.have} are there`;
      }
      return "";
    case "ok":
      return describeOk(key.quality);
  }
}

function describeOk({ checks }: FeatureQuality): string {
  const real = checks.find((check) => check.outcome === "negligible");
  if (real === undefined) return "no check found more than noise";
  return `real but negligible: ${percent(shareOf(real.window))} ${words[real.check]}`;
}

const words: Record<QualityCheckName, string> = {
  null: "null",
  absent: "absent",
  nan: "NaN",
  infinite: "infinite",
  wrong_kind: "of another type",
  below_range: "below the expected range",
  above_range: "above the expected range",
  unseen_category: "unseen values",
  constant: "one value",
};

export function describeCheck(check: JudgedCheck, { asked }: QualityKey): string {
  const atLeast = check.window.countMost > check.window.count ? "at least " : "";
  const share = `${atLeast}${percent(shareOf(check.window))}`;
  const before = check.baseline === null ? null : percent(shareOf(check.baseline));
  const against =
    check.measure === "declared"
      ? "where it was declared that none may be"
      : `where the baseline has ${before ?? "none"}`;
  switch (check.check) {
    case "null":
    case "absent":
      return check.window.count === check.window.total
        ? `all missing (${words[check.check]}), ${against}`
        : `${share} ${words[check.check]} ${against}`;
    case "nan":
    case "infinite":
      return `${share} ${words[check.check]} ${against}`;
    case "wrong_kind":
      return `${share} no ${asked.ruleKind ?? "value of its type"} ${against}`;
    case "below_range":
      return `${share} below ${short(asked.expectation.minimum)} ${against}`;
    case "above_range":
      return `${share} above ${short(asked.expectation.maximum)} ${against}`;
    case "unseen_category": {
      const [first, ...rest] = asked.unseenValues;
      const named =
        first === undefined
          ? ""
          : ` (${quote(first.name)}${rest.length > 0 ? ` and ${rest.length} more` : ""})`;
      return check.measure === "declared"
        ? `${share} not among the allowed values${named}`
        : `${share} unseen values${named} where the baseline would meet ${before ?? "none"}`;
    }
    case "constant":
      return check.window.count === check.window.total
        ? `stuck at ${quote(asked.window.dominant?.name ?? "")}, which the baseline has in ${before ?? "none"}`
        : `${share} are ${quote(asked.window.dominant?.name ?? "")}, which the baseline has in ${before ?? "none"}`;
  }
}

const shareOf = ({ count, total }: { count: number; total: number }) =>
  total === 0 ? 0 : count / total;

export function percent(share: number): string {
  const hundredths = share * 100;
  if (hundredths > 0 && hundredths < 0.1) return "less than 0.1 %";
  if (hundredths < 100 && hundredths > 99.9) return "more than 99.9 %";
  return `${Number(hundredths.toPrecision(3))} %`;
}

const counted = (count: number) => (count === 1 ? "1 row" : `${count} rows`);
const short = (value: number | null) =>
  value === null ? "" : String(Number(value.toPrecision(6)));
const quote = (name: string) => (name.length > 40 ? `"${name.slice(0, 39)}…"` : `"${name}"`);
