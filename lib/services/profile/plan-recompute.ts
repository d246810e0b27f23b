import type { SparseColumn } from "#db/clickhouse/queries/counted-rows.ts";
import type { Grain } from "#lib/domain/grain.ts";
import { grainMs } from "#lib/domain/grain.ts";

export interface BucketGroup {
  bucketSeconds: number;
  environment: string;
  version: string;
  rowCount: number;
  /** What some of its rows have. */
  present: readonly SparseColumn[];
}

export interface RecomputeBatch {
  fromTime: Date;
  untilTime: Date;
  groups: readonly BucketGroup[];
  rowCount: number;
}

/** What the counts of one scan may take. */
const bytesMax = 192 * 2 ** 20;
/** A number counter at its largest, and what a distinct value of a small one takes. */
const counterBytesMax = 132_000;
const counterBytesMin = 500;
const valueBytes = 64;
/** Beside its features a group has these, and a few classes. */
const otherKeys = 8;
/** Rows of one scan: bounds how long it runs, and how much is done again after a failure. */
const rowsMax = 2_000_000;

/** Cuts [fromTime, untilTime) at bucket borders into scans of bounded work. A bucket is never cut, so that one larger than a bound
 *  stands alone. Groups of one bucket come in one piece; together the batches cover the whole stretch. */
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
  let bytes = 0;
  const close = (until: Date) => {
    batches.push({ fromTime: from, untilTime: until, groups: held, rowCount });
    from = until;
    held = [];
    rowCount = 0;
    bytes = 0;
  };
  for (const bucket of byBucket(groups)) {
    const bucketRows = rowsOf(bucket);
    const bucketBytes = countBytes(bucket, featureCount);
    const isTooMuch = rowCount + bucketRows > rowsMax || bytes + bucketBytes > bytesMax;
    if (held.length > 0 && isTooMuch) close(new Date((bucket[0]?.bucketSeconds ?? 0) * 1000));
    held.push(...bucket);
    rowCount += bucketRows;
    bytes += bucketBytes;
  }
  if (from < untilTime) close(untilTime);
  for (const batch of batches) assertAligned(batch, grain);
  return batches;
}

/** Cuts the rows of a batch into about so many stretches of about as many rows each, at borders of five minutes, in whose order rows lie. Those of a
 *  bucket are taken to be spread evenly over it. */
export function cutBatch(
  { fromTime, untilTime, groups, rowCount }: RecomputeBatch,
  grain: Grain,
  count: number,
): Pick<RecomputeBatch, "fromTime" | "untilTime">[] {
  const stretches: { fromTime: Date; untilTime: Date }[] = [];
  let from = fromTime;
  let passed = 0;
  const slots = grainMs[grain] / grainMs["5m"];
  for (const bucket of byBucket(groups)) {
    const bucketMs = (bucket[0]?.bucketSeconds ?? 0) * 1000;
    for (let slot = 1; slot <= slots; slot += 1) {
      passed += rowsOf(bucket) / slots;
      const until = new Date(bucketMs + slot * grainMs["5m"]);
      const isFull = passed >= ((stretches.length + 1) * rowCount) / count;
      if (!isFull || until >= untilTime || stretches.length === count - 1) continue;
      stretches.push({ fromTime: from, untilTime: until });
      from = until;
    }
  }
  return [...stretches, { fromTime: from, untilTime }];
}

/** Into how many parts the features go that are counted over these groups, each as a whole and cut by tags of so many values: what
 *  would not fit at once is read several times. */
export function featureParts(
  groups: readonly Pick<BucketGroup, "rowCount">[],
  featureCount: number,
  valueCounts: readonly number[],
): number {
  const bytes = countBytes(groups, featureCount, valueCounts);
  return Math.max(1, Math.min(featureCount, Math.ceil(bytes / bytesMax)));
}

/** As if the rows were spread evenly over the values of a tag, which is the most that they can take. */
function countBytes(
  groups: readonly Pick<BucketGroup, "rowCount">[],
  featureCount: number,
  valueCounts: readonly number[] = [],
): number {
  let bytes = 0;
  for (const { rowCount } of groups)
    for (const values of [1, ...valueCounts])
      bytes +=
        values * Math.min(counterBytesMax, counterBytesMin + valueBytes * (rowCount / values));
  return bytes * (featureCount + otherKeys);
}

const rowsOf = (groups: readonly BucketGroup[]) =>
  groups.reduce((sum, { rowCount }) => sum + rowCount, 0);

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
