const NOT_THERE = "–";

const grouped = new Intl.NumberFormat("en-GB", { maximumFractionDigits: 0 });
const threeDigits = new Intl.NumberFormat("en-GB", { maximumSignificantDigits: 3 });
const steps = [
  { from: 999_500_000_000, size: 1e12, unit: "T" },
  { from: 999_500_000, size: 1e9, unit: "G" },
  { from: 999_500, size: 1e6, unit: "M" },
  { from: 10_000, size: 1e3, unit: "k" },
] as const;

/** 9,876 as it is, 1.2 M above ten thousand. */
export function formatCount(count: number | null): string {
  if (count === null) return NOT_THERE;
  const step = steps.find(({ from }) => Math.abs(count) >= from);
  if (step === undefined) return grouped.format(count);
  return `${threeDigits.format(count / step.size)}\u202f${step.unit}`;
}

/** Every digit, for the hover and the table: 1,234,567. */
export const formatCountExact = (count: number | null): string =>
  count === null ? NOT_THERE : grouped.format(count);

/** Three significant digits at any size; very small and very large ones in powers of ten. */
export function formatNumber(value: number | null): string {
  if (value === null) return NOT_THERE;
  if (!Number.isFinite(value)) return String(value);
  if (value === 0) return "0";
  const size = Math.abs(value);
  if (size >= 1e15 || size < 1e-4) return value.toExponential(2).replace("e+", "e");
  if (size >= 10_000) return formatCount(value);
  return threeDigits.format(value).replace("-", "\u2212");
}

/** A distance between distributions, short enough to stand in a narrow column: 0.281, 0.004, < 0.001. */
export function formatDistance(value: number): string {
  if (value === 0) return "0";
  return value < 0.001 ? "<\u202f0.001" : formatNumber(Number(value.toFixed(3)));
}

/** A share of one, as a percentage; what is there but tiny is not called zero. */
export function formatShare(share: number | null): string {
  if (share === null) return NOT_THERE;
  if (share === 0) return "0\u202f%";
  if (share > 0 && share < 0.001) return "<\u202f0.1\u202f%";
  if (share > 0.999 && share < 1) return ">\u202f99.9\u202f%";
  const percent = share * 100;
  const digits = percent < 10 ? 1 : 0;
  return `${percent.toFixed(digits).replace(/\.0$/, "")}\u202f%`;
}

/** "+12 %", "-40 %", "new": how a count stands to the one before. */
export function formatChange(now: number, before: number): string {
  if (before === 0) return now === 0 ? "no change" : "new";
  const change = now / before - 1;
  if (Math.abs(change) < 0.005) return "no change";
  if (change >= 9.995) return `${threeDigits.format(now / before)} times`;
  const sign = change > 0 ? "+" : "\u2212";
  return `${sign}${Math.round(Math.abs(change) * 100)}\u202f%`;
}

const durationUnits = [
  { ms: 86_400_000, unit: "d" },
  { ms: 3_600_000, unit: "h" },
  { ms: 60_000, unit: "min" },
  { ms: 1_000, unit: "s" },
] as const;

/** "340 ms", "4.2 s", "3 min", "2 d 4 h". */
export function formatDuration(ms: number | null): string {
  if (ms === null) return NOT_THERE;
  const sign = ms < 0 ? "\u2212" : "";
  const size = Math.abs(ms);
  if (size < 1_000) return `${sign}${threeDigits.format(size)}\u202fms`;
  const index = durationUnits.findIndex((each) => size >= each.ms);
  const unit = durationUnits[index];
  if (unit === undefined) return `${sign}${Math.round(size)}\u202fms`;
  const whole = size / unit.ms;
  const below = durationUnits[index + 1];
  if (whole >= 10 || below === undefined || unit.unit === "min") {
    const digits = whole < 10 && unit.unit === "s" ? 1 : 0;
    return `${sign}${whole.toFixed(digits).replace(/\.0$/, "")}\u202f${unit.unit}`;
  }
  const rest = Math.round((size % unit.ms) / below.ms);
  const head = `${sign}${Math.floor(whole)}\u202f${unit.unit}`;
  return rest === 0 ? head : `${head} ${rest}\u202f${below.unit}`;
}

const byteUnits = ["B", "kB", "MB", "GB", "TB"] as const;

export function formatBytes(bytes: number | null): string {
  if (bytes === null) return NOT_THERE;
  let size = bytes;
  let index = 0;
  while (size >= 1_000 && index < byteUnits.length - 1) {
    size /= 1_000;
    index += 1;
  }
  return `${threeDigits.format(size)}\u202f${byteUnits[index] ?? "B"}`;
}

/** Small p-values are bounds, not figures. */
export function formatPValue(pValue: number | null): string {
  if (pValue === null) return NOT_THERE;
  if (pValue < 0.0001) return "<\u202f0.0001";
  return pValue.toPrecision(2);
}
