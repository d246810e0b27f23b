import { finestResolution } from "#db/clickhouse/statements/profile-keys.ts";
import type { Grain } from "#lib/domain/grain.ts";
import { grainMs } from "#lib/domain/grain.ts";

export interface BucketGroup {
  bucketSeconds: number;
  environment: string;
  version: string;
  rowCount: number;
}

export interface RecomputeBatch {
  fromTime: Date;
  untilTime: Date;
  groups: readonly BucketGroup[];
  rowCount: number;
}

/** Values that one statement may hold apart while it counts; at about 100 bytes each they must fit the engine's memory. */
export const distinctValuesMax = 2_500_000;
/** Rows of one statement whose values are counted by bin: bounds how long one statement runs. */
export const binnedRowsMax = 2_000_000;
/** A group with fewer rows is counted value by value: its grid is the finest anyway, or close to it. */
export const smallGroupRowsMax = 4_096;

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
    const largest = Math.max(...[...held, ...bucket].map((group) => group.rowCount));
    const rowsMax =
      largest <= smallGroupRowsMax ? distinctValuesMax / Math.max(1, featureCount) : binnedRowsMax;
    if (held.length > 0 && rowCount + bucketRows > rowsMax) {
      close(new Date((bucket[0]?.bucketSeconds ?? 0) * 1000));
    }
    held.push(...bucket);
    rowCount += bucketRows;
  }
  if (from < untilTime) close(untilTime);
  for (const batch of batches) assertAligned(batch, grain);
  return batches;
}

/** The resolution under which a key's values are counted: a little finer than what the sample says, since the rows that
 *  it did not see may share the bins of those it saw. */
export function workingResolution(sampled: number | undefined, largestGroupRows: number): number {
  if (largestGroupRows <= smallGroupRowsMax || sampled === undefined) return finestResolution;
  return Math.min(finestResolution, Math.max(7, sampled + 2));
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
