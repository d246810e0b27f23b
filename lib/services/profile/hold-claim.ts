import type { PostgresPool } from "#db/postgres/client.ts";
import type { BucketClaim } from "#db/postgres/queries/dirty-buckets.ts";
import { renewBucketClaim } from "#db/postgres/queries/dirty-buckets.ts";

export interface HeldClaim {
  /** Writes what became of some of the buckets, under the claim as it stands: never beside a renewal. */
  write<T>(work: (claim: BucketClaim) => Promise<T>): Promise<T>;
}

export interface HoldOptions {
  postgres: PostgresPool;
  claim: BucketClaim;
  leaseMs: number;
  now: () => Date;
}

/** Renews a claim for as long as the work runs, so that a lease can be short: when a worker dies, the next one takes its
 *  buckets within seconds. A renewal that fails is made up for by the next; should the claim run out meanwhile, settling
 *  marks its buckets again. */
export async function holdClaim<T>(
  { postgres, claim, leaseMs, now }: HoldOptions,
  work: (held: HeldClaim) => Promise<T>,
): Promise<T> {
  let current = claim;
  let turn: Promise<unknown> = Promise.resolve();
  let isRenewing = false;
  const write: HeldClaim["write"] = (writing) => {
    const mine = turn.then(() => writing(current));
    turn = mine.catch(() => undefined);
    return mine;
  };
  const renew = async (held: BucketClaim) => {
    const claimedUntil = new Date(now().getTime() + leaseMs);
    await renewBucketClaim(postgres.db, held, claimedUntil);
    current = { ...held, claimedUntil };
  };
  const timer = setInterval(() => {
    if (isRenewing) return;
    isRenewing = true;
    write(renew)
      .catch(() => undefined)
      .finally(() => {
        isRenewing = false;
      });
  }, leaseMs / 4);
  try {
    return await work({ write });
  } finally {
    clearInterval(timer);
    await turn;
  }
}
