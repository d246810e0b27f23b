import type { CountedKey } from "#db/clickhouse/inserts/profile-rows.ts";
import type { CountedRows } from "#db/clickhouse/queries/counted-rows.ts";
import { otherSegment } from "#lib/domain/segment.ts";
import { collectInTurns } from "./collect-in-turns.ts";
import type { CountedGroup } from "./count-rows.ts";
import { RowCounter, TooManyNames } from "./count-rows.ts";

/** Names of values that are held at once: some 100 MB. */
const namesHeldMax = 1_000_000;

export interface SegmentCut {
  segmentKey: string;
  /** Those that are profiled apart. */
  values: readonly string[];
}

/** As the scans of raw rows take them. */
export const cutParams = (cuts: readonly SegmentCut[]) => ({
  segmentKeys: cuts.map(({ segmentKey }) => segmentKey),
  segmentValues: cuts.map(({ values }) => [...values]),
});

export type CountedProfile = CountedKey & {
  group: number;
  segmentKey: string;
  segmentValue: string;
};

/** Counts raw rows into profiles: of everything, and of every value of some tags. Features that would be too much at once are counted
 *  part by part, each with a scan of its own; parts that prove too large are made smaller. Of a feature that has too many names all
 *  alone, the rarest are only a sum. */
export async function countInParts(options: {
  scan: () => AsyncIterable<CountedRows>;
  cuts: readonly SegmentCut[];
  partCount: number;
  valueNamesMax: number;
  write: (profiles: readonly CountedProfile[]) => Promise<void>;
  subject?: "label";
  namesMax?: number;
}): Promise<void> {
  const { scan, cuts, valueNamesMax, write, subject, namesMax = namesHeldMax } = options;
  const numbers = new Map<string, number>();
  const numberOf = (feature: string) => {
    const number = numbers.get(feature) ?? numbers.size;
    numbers.set(feature, number);
    return number;
  };
  let { partCount } = options;
  for (let part = 0; part < partCount; part += 1) {
    const counter = new RowCounter({
      segmentCount: cuts.length,
      isCounted: (feature) => numberOf(feature) % partCount === part,
      hasRest: part === 0 && subject === undefined,
      namesMax,
      canSplit: () => partCount < numbers.size,
      ...(subject === undefined ? {} : { subject }),
    });
    try {
      for await (const block of scan()) counter.add(block);
    } catch (error) {
      if (!(error instanceof TooManyNames)) throw error;
      // From the start: what was written is written again, to the same.
      partCount *= 2;
      part = -1;
      continue;
    }
    await write(await collectInTurns(finish(counter, cuts, valueNamesMax)));
  }
}

function* finish(
  counter: RowCounter,
  cuts: readonly SegmentCut[],
  valueNamesMax: number,
): Generator<CountedProfile> {
  for (const group of counter.groups()) {
    const segment = segmentOf(group, cuts);
    for (const key of group.keys(valueNamesMax)) yield { ...key, group: group.group, ...segment };
  }
}

function segmentOf({ segmentation, place }: CountedGroup, cuts: readonly SegmentCut[]) {
  const cut = cuts[segmentation];
  if (cut === undefined) return { segmentKey: "", segmentValue: "" };
  return { segmentKey: cut.segmentKey, segmentValue: cut.values[place - 1] ?? otherSegment };
}
