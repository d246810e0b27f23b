import { formatCount, formatDuration, formatNumber, formatShare } from "./format-number.ts";

export type ValueKind = "count" | "share" | "number" | "duration";

export interface ValueTick {
  value: number;
  label: string;
}
export interface ValueAxis {
  domain: [number, number];
  ticks: ValueTick[];
}

const formats: Record<ValueKind, (value: number) => string> = {
  count: formatCount,
  share: formatShare,
  number: formatNumber,
  duration: formatDuration,
};

const durationStepsMs = [
  ...[1, 2, 5, 10, 20, 50, 100, 200, 500],
  ...[1, 2, 5, 10, 15, 30].map((seconds) => seconds * 1_000),
  ...[1, 2, 5, 10, 15, 30].map((minutes) => minutes * 60_000),
  ...[1, 2, 3, 6, 12].map((hours) => hours * 3_600_000),
  ...[1, 2, 5, 10, 20, 50, 100, 200, 500, 1_000, 10_000].map((days) => days * 86_400_000),
];

function stepOf(wanted: number, kind: ValueKind): number {
  if (kind === "duration") {
    const step = durationStepsMs.find((each) => each >= wanted);
    if (step !== undefined) return step;
  }
  const power = 10 ** Math.floor(Math.log10(wanted));
  const step = [1, 2, 2.5, 5, 10].find((each) => each * power >= wanted * (1 - 1e-9)) ?? 10;
  const rounded = step * power;
  return kind === "count" ? Math.max(1, Math.ceil(rounded)) : rounded;
}

/** An axis that begins at an honest zero and ends on a round figure at or above every value. */
export function prepareValueAxis(
  values: readonly (number | null)[],
  kind: ValueKind,
  tickCount = 4,
): ValueAxis {
  let largest = 0;
  let smallest = 0;
  for (const value of values) {
    if (value === null || !Number.isFinite(value)) continue;
    if (value > largest) largest = value;
    if (value < smallest) smallest = value;
  }
  if (largest === 0 && smallest === 0) largest = kind === "count" ? tickCount : 1;
  const step = stepOf((largest - smallest) / tickCount, kind);
  const first = Math.floor(smallest / step);
  const last = Math.max(Math.ceil(largest / step - 1e-9), first + 1);
  const ticks: ValueTick[] = [];
  for (let index = first; index <= last; index += 1) {
    const value = Number((index * step).toPrecision(12));
    ticks.push({ value, label: value === 0 ? "0" : formats[kind](value) });
  }
  return { domain: [first * step, last * step], ticks };
}
