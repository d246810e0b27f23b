import { finestResolution } from "#db/clickhouse/statements/profile-keys.ts";
import type { Grain } from "#lib/domain/grain.ts";
import { grainMs } from "#lib/domain/grain.ts";

export interface BucketGroup {
  bucketSeconds: number;
  environment: string;
  version: string;
  rowCount: number;
  /** 1 where some row has such values. */
  hasStrings: number;
  hasLabels: number;
  hasBooleans: number;
  hasNulls: number;
}

export interface RecomputeBatch {
  fromTime: Date;
  untilTime: Date;
  groups: readonly BucketGroup[];
  rowCount: number;
}

/** Counts that one statement may hold at once; at about 300 bytes each, all steps together, they fit half of the embedded
 *  engine's gigabyte. */
const cellsMax = 1_000_000;
/** Counts of one numeric feature in one large group: twice a profile's bins, the working resolution being one bit finer. */
const cellsPerProfile = 2_048;
/** Rows of one statement: bounds how long it runs. */
const rowsMax = 2_000_000;
/** A group with fewer rows is counted value by value: its grid is the finest anyway, or close to it. */
const smallGroupRowsMax = 4_096;

/** Cuts [fromTime, untilTime) at bucket borders into statements of bounded work. A bucket is never cut, so that one larger
 *  than a bound stands alone. Groups of one bucket come in one piece; together the batches cover the whole stretch. */
export function planRecompute(options: {
  grain: Grain;
  fromTime: Date;
  untilTime: Date;
  groups: readonly BucketGroup[];
  featureCount: number;
}): RecomputeBatch[] {
  const { grain, fromTime, untilTime, groups, featureCount } = options;
  const batches: RecomputeBatch[] = [];
  let from = fromTime;
  let held: BucketGroup[] = [];
  let rowCount = 0;
  const close = (until: Date) => {
    batches.push({ fromTime: from, untilTime: until, groups: held, rowCount });
    from = until;
    held = [];
    rowCount = 0;
  };
  for (const bucket of byBucket(groups)) {
    const bucketRows = bucket.reduce((sum, group) => sum + group.rowCount, 0);
    const next = [...held, ...bucket];
    const isTooMuch =
      isLarge(held) !== isLarge(bucket) ||
      rowCount + bucketRows > rowsMax ||
      cellsPerFeature(next) * Math.max(1, featureCount) > cellsMax;
    if (held.length > 0 && isTooMuch) {
      close(new Date((bucket[0]?.bucketSeconds ?? 0) * 1000));
    }
    held.push(...bucket);
    rowCount += bucketRows;
  }
  if (from < untilTime) close(untilTime);
  for (const batch of batches) assertAligned(batch, grain);
  return batches;
}

const isLarge = (groups: readonly BucketGroup[]): boolean =>
  groups.some((group) => group.rowCount > smallGroupRowsMax);

/** A group that is cut by segments has no more cells than rows. */
function cellsPerFeature(groups: readonly BucketGroup[], segmentCount = 1): number {
  if (!isLarge(groups)) return rowsOf(groups);
  const cells = groups.length * cellsPerProfile;
  return segmentCount === 1 ? cells : Math.min(rowsOf(groups), segmentCount * cells);
}

const rowsOf = (groups: readonly BucketGroup[]): number =>
  groups.reduce((sum, group) => sum + group.rowCount, 0);

/** Features that one statement over these groups, each cut into so many segments, may count. */
export function featuresPerStatement(groups: readonly BucketGroup[], segmentCount = 1): number {
  return Math.max(1, Math.floor(cellsMax / Math.max(1, cellsPerFeature(groups, segmentCount))));
}

/** The same where every value is counted apart. */
export function featuresPerExactStatement(groups: readonly BucketGroup[]): number {
  return Math.max(1, Math.floor(cellsMax / Math.max(1, rowsOf(groups))));
}

/** Values of a sample at once: they are sorted in the engine's memory. */
const sampleValuesMax = 8_000_000;
const sampleRowsMax = 8_192;

/** Rows from which the resolutions of so many features are guessed. */
export const sampleRowsOf = (featureCount: number): number =>
  Math.min(sampleRowsMax, Math.ceil(sampleValuesMax / Math.max(1, featureCount)));

/** The resolution under which a key's values are counted: a little finer than what the sample says, since the rows that
 *  it did not see may share the bins of those it saw. */
export function workingResolution(sampled: number | undefined, largestGroupRows: number): number {
  if (largestGroupRows <= smallGroupRowsMax || sampled === undefined) return finestResolution;
  return Math.min(finestResolution, Math.max(6, sampled + 1));
}

function byBucket(groups: readonly BucketGroup[]): BucketGroup[][] {
  const buckets: BucketGroup[][] = [];
  for (const group of groups) {
    const last = buckets.at(-1);
    if (last?.[0]?.bucketSeconds === group.bucketSeconds) last.push(group);
    else buckets.push([group]);
  }
  return buckets;
}

function assertAligned(batch: RecomputeBatch, grain: Grain): void {
  for (const time of [batch.fromTime, batch.untilTime]) {
    if (time.getTime() % grainMs[grain] !== 0)
      throw new Error(`${time.toISOString()} is no border of ${grain} buckets.`);
  }
}
