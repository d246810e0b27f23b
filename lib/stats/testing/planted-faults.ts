/** Faults planted in real columns, and windows left as they were, to see which causes are named. The rows of a data set are
 *  in order of time; a case is a baseline, a later window, and the stretch just before the window. */
import type { CauseFault, CauseKind } from "#lib/stats/causes/cause.ts";
import type { Explanation } from "#lib/stats/causes/explain-move.ts";
import { explainMove } from "#lib/stats/causes/explain-move.ts";
import type { FeatureProfile } from "#lib/stats/feature-profile.ts";
import { featureProfileOf } from "#lib/stats/feature-profile.ts";
import type { FeatureValue } from "#lib/stats/profile-counts.ts";

export interface Column {
  name: string;
  kind: "numeric" | "categorical";
  values: readonly FeatureValue[];
}

export interface DataSet {
  name: string;
  /** One per row, rising. */
  times: readonly number[];
  columns: readonly Column[];
  baselineDays: number;
  windowDays: number;
}

export interface Window {
  dataSet: DataSet;
  column: Column;
  baseline: readonly FeatureValue[];
  /** The stretches that led up to the window, oldest first. */
  history: readonly (readonly FeatureValue[])[];
  values: readonly FeatureValue[];
  /** Days from the end of the baseline to the start of the window. */
  distanceDays: number;
}

const dayMs = 86_400_000;

/** Every column's windows, each `windowDays` long, at the given distances after each baseline. */
export function windowsOf(
  dataSet: DataSet,
  baselineStartDays: readonly number[],
  distancesDays: readonly number[],
): Window[] {
  const start = dataSet.times[0] ?? 0;
  const end = dataSet.times.at(-1) ?? 0;
  const indexOf = (ms: number) => lowerBound(dataSet.times, ms);
  const slices = new Map<string, readonly FeatureValue[]>();
  const slice = (column: Column, fromDay: number, untilDay: number) => {
    const key = `${column.name} ${fromDay} ${untilDay}`;
    const [from, until] = [fromDay, untilDay].map((day) => indexOf(start + day * dayMs));
    const values = slices.get(key) ?? column.values.slice(from, until);
    slices.set(key, values);
    return values;
  };
  const { baselineDays, windowDays } = dataSet;
  return baselineStartDays.flatMap((from) =>
    distancesDays.flatMap((distanceDays) => {
      const at = from + baselineDays + distanceDays;
      if (start + (at + windowDays) * dayMs > end) return [];
      return dataSet.columns.map((column) => ({
        dataSet,
        column,
        baseline: slice(column, from, from + baselineDays),
        history: [4, 3, 2, 1]
          .filter((back) => at - back * windowDays >= 0)
          .map((back) => slice(column, at - back * windowDays, at - (back - 1) * windowDays)),
        values: slice(column, at, at + windowDays),
        distanceDays,
      }));
    }),
  );
}

export interface Planted {
  values: FeatureValue[];
  fault: CauseKind;
  /** What was done, for the list of those that were missed. */
  note: string;
  isFound(fault: CauseFault): boolean;
  /** The rows that were there already, for a replay. */
  repeatedCount?: number;
  withoutRepeats?: readonly FeatureValue[];
}

const isNear = (a: number, b: number, relative: number) =>
  Math.abs(a - b) <= relative * Math.max(Math.abs(a), Math.abs(b));

const numbersOf = (values: readonly FeatureValue[]) =>
  values.filter((value): value is number => typeof value === "number");

const mapNumbers = (values: readonly FeatureValue[], map: (x: number) => number): FeatureValue[] =>
  values.map((value) => (typeof value === "number" ? map(value) : value));

const lastOf = (history: Window["history"]) => history.at(-1) ?? [];

const pick = <T>(list: readonly T[], random: () => number): T =>
  list[Math.floor(random() * list.length)] as T;

const meanOf = (values: readonly number[]): number =>
  values.reduce((sum, x) => sum + x, 0) / values.length;

const deviationOf = (values: readonly number[]): number => {
  const mean = meanOf(values);
  return Math.sqrt(values.reduce((sum, x) => sum + (x - mean) ** 2, 0) / values.length);
};

const factors = [
  10,
  100,
  1000,
  0.1,
  0.01,
  0.001,
  60,
  1 / 60,
  1.609344,
  1 / 0.3048,
  2.54,
  1 / 0.45359237,
];

type Plant = (window: Window, random: () => number) => Planted | null;

const plants: Record<CauseKind, Plant> = {
  unit_change({ column, values }, random) {
    if (column.kind !== "numeric") return null;
    const isTemperature = column.name.includes("temp") && random() < 0.5;
    const factor = isTemperature ? 1.8 : pick(factors, random);
    const offset = isTemperature ? 32 : 0;
    return {
      values: mapNumbers(values, (x) => factor * x + offset),
      fault: "unit_change",
      note: `x ${factor} + ${offset}`,
      isFound: (fault) =>
        fault.kind === "unit_change" &&
        isNear(fault.factor, factor, 1e-9) &&
        fault.offset === offset,
    };
  },
  offset({ column, values, history }, random) {
    if (column.kind !== "numeric" || isTimeOfDay(column)) return null;
    const scale =
      deviationOf(numbersOf(lastOf(history))) * (1 + 3 * random()) * (random() < 0.5 ? -1 : 1);
    const offset = Math.abs(scale) >= 1 ? Math.round(scale) : Number(scale.toPrecision(2));
    // The column moves by itself meanwhile, and nobody could tell that from the offset.
    const ownMove = meanOf(numbersOf(values)) - meanOf(numbersOf(lastOf(history)));
    return {
      values: mapNumbers(values, (x) => x + offset),
      fault: "offset",
      note: `+ ${offset}`,
      isFound: (fault) =>
        fault.kind === "offset" &&
        Math.abs(fault.offset - offset) <= 0.1 * Math.abs(offset) + 1.5 * Math.abs(ownMove),
    };
  },
  sign_flip({ column, values }) {
    if (column.kind !== "numeric") return null;
    return {
      values: mapNumbers(values, (x) => 0 - x),
      fault: "sign_flip",
      note: "-x",
      isFound: (fault) => fault.kind === "sign_flip",
    };
  },
  truncation({ column, values, history }, random) {
    if (column.kind === "categorical") {
      const longest = Math.max(...values.map((value) => String(value).length));
      if (longest < 3) return null;
      const length = Math.max(1, Math.floor(longest / 2));
      return {
        values: values.map((value) => (typeof value === "string" ? value.slice(0, length) : value)),
        fault: "truncation",
        note: `first ${length}`,
        isFound: (fault) =>
          fault.kind === "truncation" && fault.form === "length" && fault.length === length,
      };
    }
    const sorted = [...numbersOf(lastOf(history))].sort((a, b) => a - b);
    const at = (share: number) => sorted[Math.floor(share * (sorted.length - 1))] ?? 0;
    const form = pick(["ceiling", "floor", "rounding"] as const, random);
    if (form === "rounding") {
      const deviation = deviationOf(sorted);
      const step = 10 ** Math.floor(Math.log10(deviation));
      const round = pick([Math.floor, (x: number) => Math.floor(x + 0.5)], random);
      return {
        values: mapNumbers(values, (x) => round(x / step + 1e-12) * step),
        fault: "truncation",
        note: `steps of ${step}`,
        isFound: (fault) =>
          fault.kind === "truncation" &&
          fault.form === "rounding" &&
          isNear(fault.step, step, 1e-9),
      };
    }
    const share = 0.1 + 0.3 * random();
    const limit = form === "ceiling" ? at(1 - share) : at(share);
    return {
      values: mapNumbers(values, (x) =>
        form === "ceiling" ? Math.min(x, limit) : Math.max(x, limit),
      ),
      fault: "truncation",
      note: `${form} ${limit}`,
      isFound: (fault) =>
        fault.kind === "truncation" && fault.form === form && isNear(fault.at, limit, 1e-9),
    };
  },
  default_flood({ column, values }, random) {
    const share = 0.05 + 0.6 * random();
    const value =
      column.kind === "numeric"
        ? pick([0, -1, 999, -999, 9999], random)
        : pick(["", "unknown", "N/A", String(values[0])], random);
    return {
      values: values.map((old) => (random() < share ? value : old)),
      fault: "default_flood",
      note: `${share} of ${value}`,
      isFound: (fault) => fault.kind === "default_flood" && fault.value === value,
    };
  },
  null_flood({ values }, random) {
    const share = 0.05 + 0.6 * random();
    return {
      values: values.map((old) => (random() < share ? null : old)),
      fault: "null_flood",
      note: `${share}`,
      isFound: (fault) => fault.kind === "null_flood" && isNear(fault.share, share, 0.2),
    };
  },
  duplicate_replay({ values, history, column, dataSet }, random) {
    const before = lastOf(history);
    // A few hours of the stretch before, sent again and again.
    const perDay = before.length / dataSet.windowDays;
    const length = Math.max(20, Math.floor(perDay * 0.15));
    const from = Math.floor(random() * (before.length - length));
    const piece = before.slice(from, from + length);
    const times = Math.ceil((values.length * (0.3 + 0.7 * random())) / length);
    const replayed = Array.from({ length: times }, () => piece).flat();
    if (column.kind !== "numeric" && column.values.length === 0) return null;
    return {
      values: [...values, ...replayed],
      fault: "duplicate_replay",
      note: `${replayed.length} rows`,
      isFound: (fault) => fault.kind === "duplicate_replay",
      repeatedCount: replayed.length,
      withoutRepeats: values,
    };
  },
  time_zone_shift({ column, values }, random) {
    if (!isTimeOfDay(column)) return null;
    const day = column.name.includes("minute") ? 1440 : 24;
    const hours =
      pick([-8, -7, -6, -5, -4, -3, -2, 2, 3, 4, 5, 6, 7, 8], random) +
      (day === 1440 ? pick([0, 0.5], random) : 0);
    const by = (hours * day) / 24;
    return {
      values: mapNumbers(values, (x) => (x + by + day) % day),
      fault: "time_zone_shift",
      note: `${hours} h`,
      isFound: (fault) =>
        fault.kind === "time_zone_shift" &&
        isNear((fault.hours + 24) % 24, (hours + 24) % 24, 1e-9),
    };
  },
  relabelled({ column, values, baseline }, random) {
    if (column.kind !== "categorical") return null;
    const names = [...new Set(baseline.map(String))].sort();
    const form = pick(["lower", "prefix", "codes", "shifted", "one"] as const, random);
    const renamed = (name: string): string => {
      switch (form) {
        case "lower":
          return name === name.toLowerCase() ? name.toUpperCase() : name.toLowerCase();
        case "prefix":
          return `v2_${name}`;
        case "codes":
          return `c${(names.indexOf(name) * 7919) % 100_003}`;
        case "shifted":
          return names[(names.indexOf(name) + 1) % names.length] ?? name;
        case "one":
          return name === mostFrequent(baseline) ? "renamed" : name;
      }
    };
    return {
      values: values.map((value) => (typeof value === "string" ? renamed(value) : value)),
      fault: "relabelled",
      note: form,
      isFound: (fault) => fault.kind === "relabelled",
    };
  },
};

const mostFrequent = (values: readonly FeatureValue[]): string => {
  const counts = new Map<string, number>();
  for (const value of values) counts.set(String(value), (counts.get(String(value)) ?? 0) + 1);
  return [...counts].sort((a, b) => b[1] - a[1])[0]?.[0] ?? "";
};

export const faultKinds = Object.keys(plants) as CauseKind[];

const isTimeOfDay = (column: Column) =>
  column.name.includes("hour") || column.name.includes("minute");

export function plantFault(kind: CauseKind, window: Window, random: () => number): Planted | null {
  return plants[kind](window, random);
}

/** Cases share baselines and stretches. */
const profiles = new WeakMap<readonly FeatureValue[], FeatureProfile>();
const profileOf = (values: readonly FeatureValue[]): FeatureProfile => {
  const known = profiles.get(values) ?? featureProfileOf(values);
  profiles.set(values, known);
  return known;
};

export function explainWindow(
  window: Window,
  planted: Planted | null,
  { withHistory }: { withHistory: boolean },
): Explanation {
  const values = planted?.values ?? window.values;
  const profile = featureProfileOf(values);
  return explainMove({
    kind: window.column.kind,
    baseline: profileOf(window.baseline),
    window: profile,
    history: withHistory ? window.history.map((stretch) => profileOf(stretch)) : [],
    repeats:
      planted?.withoutRepeats === undefined
        ? null
        : {
            rowCount: values.length,
            repeatedCount: planted.repeatedCount ?? 0,
            expectedShare: 0,
            withoutRepeats: featureProfileOf(planted.withoutRepeats),
          },
  });
}

function lowerBound(sorted: readonly number[], x: number): number {
  let low = 0;
  let high = sorted.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((sorted[middle] ?? 0) < x) low = middle + 1;
    else high = middle;
  }
  return low;
}
