import type { SeriesResult } from "#lib/domain/monitor.ts";
import { defaultQuestion, windowLengthMs } from "#lib/domain/monitor-definition.ts";
import type { AlertMemory } from "#lib/rules/step-alert.ts";
import { calmMemory, stepAlert } from "#lib/rules/step-alert.ts";
import { testsOfNumeric } from "#lib/stats/drift.ts";
import type { FeatureProfile } from "#lib/stats/feature-profile.ts";
import { featureProfileOf } from "#lib/stats/feature-profile.ts";
import { normalSurvival } from "#lib/stats/normal-distribution.ts";
import { verdictsOf } from "#lib/stats/verdict.ts";
import type { Random } from "./drift-simulation.ts";

/** Days of a monitor with its default settings, over features whose profiles are drawn as they would be stored: a standard normal
 *  in steps of a tenth, so that a bin holds one value and the profile is exact. */

const step = 0.1;
const reach = 45;
const values = Float64Array.from({ length: 2 * reach + 1 }, (_, i) => (i - reach) * step);
const empty = featureProfileOf([]);

/** Draws how many rows of a stretch have each value: independent Poisson counts, as of rows that come at random. */
export type Drawer = (counts: Uint32Array, random: Random) => void;

export function drawerOf(rows: number, shift: number): Drawer {
  const tables = [...values].map((value, i) => {
    const below = i === 0 ? 1 : normalSurvival(value - step / 2 - shift);
    const above = i === values.length - 1 ? 0 : normalSurvival(value + step / 2 - shift);
    return poissonTable(rows * (below - above));
  });
  return (counts, random) => {
    for (let i = 0; i < tables.length; i += 1) {
      const table = tables[i];
      if (table !== undefined) counts[i] = (counts[i] ?? 0) + pick(table, random());
    }
  };
}

/** The cumulative chances of 0, 1, 2, ... */
function poissonTable(mean: number): Float64Array {
  const most = Math.ceil(mean + 12 * Math.sqrt(mean) + 12);
  const table = new Float64Array(most + 1);
  let logTerm = -mean;
  let sum = 0;
  for (let count = 0; count <= most; count += 1) {
    if (count > 0) logTerm += Math.log(mean / count);
    sum += Math.exp(logTerm);
    table[count] = Math.min(1, sum);
  }
  table[most] = 1;
  return table;
}

function pick(table: Float64Array, share: number): number {
  let [low, high] = [0, table.length - 1];
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((table[middle] ?? 1) > share) high = middle;
    else low = middle + 1;
  }
  return low;
}

export function profileOfCounts(counts: Uint32Array): FeatureProfile {
  const edges: number[] = [];
  const held: number[] = [];
  let [total, sum] = [0, 0];
  for (const [i, count] of counts.entries()) {
    if (count === 0) continue;
    const value = values[i] ?? 0;
    edges.push(value === 0 ? 0 : value);
    held.push(count);
    total += count;
    sum += count * value;
  }
  const mean = sum / total;
  const m2 = edges.reduce((of, value, i) => of + (held[i] ?? 0) * (value - mean) ** 2, 0);
  return {
    ...empty,
    rowCount: total,
    numericCount: total,
    minimum: edges[0] ?? null,
    maximum: edges.at(-1) ?? null,
    mean,
    m2,
    resolution: 52,
    zeroFloor: 0,
    edges,
    counts: held,
  };
}

const question = defaultQuestion("drift");
const { definition } = question;
const chunkMs = windowLengthMs[definition.cadence];
const chunksPerWindow = windowLengthMs[definition.window] / chunkMs;
const chunksPerDay = 86_400_000 / chunkMs;

export interface SimulationAsk {
  featureCount: number;
  days: number;
  baselineRows: number;
  windowRows: number;
  /** Of the first feature from the first window on, in standard deviations; 0: nothing changes. */
  shift: number;
  random: Random;
}

export interface Simulation {
  /** Windows that were judged, and those in which any feature drifted by the verdict. */
  windowCount: number;
  findingCount: number;
  /** Alerts that began to fire, and how many windows after the start each did. */
  fired: { feature: number; window: number }[];
}

/** Asks the default drift monitor of a family window by window, and steps its alerts. */
export function simulate(ask: SimulationAsk): Simulation {
  const { featureCount, random } = ask;
  const drawBaseline = drawerOf(ask.baselineRows, 0);
  const drawChunk = drawerOf(ask.windowRows / chunksPerWindow, 0);
  const drawShifted = drawerOf(ask.windowRows / chunksPerWindow, ask.shift);
  const blank = () => new Uint32Array(values.length);
  const baselines = Array.from({ length: featureCount }, () => {
    const counts = blank();
    drawBaseline(counts, random);
    return profileOfCounts(counts);
  });
  // The last chunks of each feature; the first window is wholly from before the change.
  const chunks = Array.from({ length: featureCount }, () =>
    Array.from({ length: chunksPerWindow }, () => {
      const counts = blank();
      drawChunk(counts, random);
      return counts;
    }),
  );
  const active = new Map<number, AlertMemory>();
  const result: Simulation = { windowCount: ask.days * chunksPerDay, findingCount: 0, fired: [] };
  for (let window = 0; window < result.windowCount; window += 1) {
    const tests = chunks.map((held, feature) => {
      const oldest = held.shift() ?? blank();
      oldest.fill(0);
      (feature === 0 ? drawShifted : drawChunk)(oldest, random);
      held.push(oldest);
      const counts = blank();
      for (const chunk of held)
        for (let i = 0; i < counts.length; i += 1) counts[i] = (counts[i] ?? 0) + (chunk[i] ?? 0);
      const baseline = baselines[feature] ?? empty;
      return {
        feature: String(feature),
        tests: testsOfNumeric(baseline, profileOfCounts(counts), {
          rowCountMin: definition.sampleMin,
        }),
      };
    });
    const found = new Set(
      verdictsOf(tests, { falseDiscoveryRate: definition.falseDiscoveryRate }).flatMap(
        ({ verdict }, feature) => (verdict.kind === "drift" ? [feature] : []),
      ),
    );
    if (found.size > 0) result.findingCount += 1;
    for (const feature of new Set([...found, ...active.keys()])) {
      const { memory, change } = stepAlert(
        active.get(feature) ?? calmMemory,
        {
          windowFrom: new Date((window + 1 - chunksPerWindow) * chunkMs),
          windowUntil: new Date((window + 1) * chunkMs),
          result: judged(found.has(feature)),
        },
        question,
      );
      if (change?.kind === "fired") result.fired.push({ feature, window });
      // A calm series without a finding among its last windows is as one that never had any.
      const isQuiet =
        memory.state === "calm" &&
        memory.known.slice(-question.windowCount).every((one) => one.result.judged === "clear");
      if (isQuiet) active.delete(feature);
      else active.set(feature, memory);
    }
  }
  return result;
}

const judged = (isBeyond: boolean): SeriesResult => ({
  kind: "value",
  value: 0,
  lower: null,
  upper: null,
  sampleCount: 1,
  judged: isBeyond ? "fire" : "clear",
  fireThreshold: 1,
  clearThreshold: 1,
  sentence: "",
});
