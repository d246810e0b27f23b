import type { ScopedClickHouse } from "#db/clickhouse/define-query.ts";
import type { BucketProfile } from "#db/clickhouse/inserts/profile-rows.ts";
import { finerProfiles } from "#db/clickhouse/queries/finer-profiles.ts";
import { grainMs } from "#lib/domain/grain.ts";
import { BucketSums, finerGrain } from "./bucket-sums.ts";
import { collectInTurns } from "./collect-in-turns.ts";

/** Profiles that one scan adds up: at most as many sums are held, of some 10 kB. */
const profilesMax = 12_000;
/** Names that are held at once: some 100 MB. */
const namesMax = 1_000_000;

/** What of finer profiles makes a bucket. */
export interface BucketSize {
  bucketSeconds: number;
  profileCount: number;
  nameCount: number;
}

interface Batch {
  fromTime: Date;
  untilTime: Date;
  profileCount: number;
  nameCount: number;
}

/** Reads what these buckets are made of, as much at a time as can be held, and hands on what it adds up to. */
export async function addUpBuckets<P extends BucketProfile>(
  ch: ScopedClickHouse,
  options: {
    modelId: string;
    grain: "1h" | "1d";
    of?: "rows" | "labels";
    sizes: readonly BucketSize[];
    finish: (sums: BucketSums) => Iterable<P>;
    write: (profiles: readonly P[]) => Promise<void>;
    signal?: AbortSignal | undefined;
  },
): Promise<void> {
  const { modelId, grain, of, sizes, finish, write, signal } = options;
  for (const { fromTime, untilTime, ...batch } of batchesOf(sizes, grainMs[grain])) {
    const partCount = partsOf(batch);
    for (let part = 0; part < partCount; part += 1) {
      const sums = new BucketSums(grain);
      const asked = { modelId, grain: finerGrain[grain], of, fromTime, untilTime, part, partCount };
      for await (const rows of ch.scan(finerProfiles, asked, signal))
        for (const row of rows) sums.add(row);
      await write(await collectInTurns(finish(sums)));
    }
  }
}

const partsOf = ({ profileCount, nameCount }: Pick<Batch, "profileCount" | "nameCount">): number =>
  Math.max(1, Math.ceil(profileCount / profilesMax), Math.ceil(nameCount / namesMax));

/** Neighbours, as many as one scan adds up; one that is larger stands alone. */
function batchesOf(sizes: readonly BucketSize[], widthMs: number): Batch[] {
  const batches: Batch[] = [];
  for (const { bucketSeconds, profileCount, nameCount } of sizes) {
    const fromTime = new Date(bucketSeconds * 1000);
    const untilTime = new Date(fromTime.getTime() + widthMs);
    const last = batches.at(-1);
    const both = {
      profileCount: profileCount + (last?.profileCount ?? 0),
      nameCount: nameCount + (last?.nameCount ?? 0),
    };
    if (last?.untilTime.getTime() === fromTime.getTime() && partsOf(both) === 1)
      Object.assign(last, { untilTime, ...both });
    else batches.push({ fromTime, untilTime, profileCount, nameCount });
  }
  return batches;
}
