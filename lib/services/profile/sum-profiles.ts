import { setImmediate } from "node:timers/promises";
import type { StoredPart } from "#db/clickhouse/queries/stored-profile.ts";
import { AppError } from "#lib/domain/errors.ts";
import type { ProfileSubject } from "#lib/domain/model.ts";
import type { FeatureProfile } from "#lib/stats/feature-profile.ts";
import { FeatureProfileSum } from "#lib/stats/feature-profile.ts";

/** What the stored profiles of one key add up to. */
export interface SummedProfile {
  subject: ProfileSubject;
  feature: string;
  profile: FeatureProfile;
}

interface Sum {
  subject: string;
  feature: string;
  sum: FeatureProfileSum;
}

export const keyName = (key: { subject: string; feature: string }) =>
  `${key.subject}\u0000${key.feature}`;

/** Names that are held at once: some 200 MB. */
const namesMax = 2_000_000;
/** Sums that are finished before others may have their turn: a wide model has thousands, of some 30 us each. */
const finishedAtOnce = 100;

/** What stored profiles add up to, group by group, in the order of their keys. They are added as they come: what is held is one sum of each
 *  key, however many buckets there are. `groupsOf` says in which groups a profile belongs. */
export async function sumProfiles<R extends StoredPart, G>(
  scanned: AsyncIterable<Iterable<R>>,
  groupsOf: (row: R) => readonly G[],
): Promise<Map<G, SummedProfile[]>> {
  const groups = new Map<G, Map<string, Sum>>();
  let nameCount = 0;
  let last: { group: G; found: Sum } | null = null;
  for await (const rows of scanned) {
    for (const row of rows) {
      for (const group of groupsOf(row)) {
        // Profiles of one key lie side by side.
        if (last === null || !isOf(last, group, row))
          last = { group, found: findSum(groups, group, row) };
        const { sum } = last.found;
        const before = sum.nameCount;
        sum.add(row.profile);
        nameCount += sum.nameCount - before;
      }
    }
    if (nameCount > namesMax)
      throw new AppError(
        "limit_exceeded",
        `These profiles hold more than ${namesMax} different values; narrow the question.`,
      );
  }
  const finished = new Map<G, SummedProfile[]>();
  let count = 0;
  for (const [group, sums] of groups) {
    const own: SummedProfile[] = [];
    for (const [, { subject, feature, sum }] of [...sums].sort(compareNames)) {
      own.push({ subject: subject as ProfileSubject, feature, profile: sum.result() });
      count += 1;
      if (count % finishedAtOnce === 0) await setImmediate();
    }
    finished.set(group, own);
  }
  return finished;
}

/** The same of profiles that are all of one group. */
export async function sumAllProfiles<R extends StoredPart>(
  scanned: AsyncIterable<Iterable<R>>,
): Promise<SummedProfile[]> {
  const all = [null];
  return (await sumProfiles(scanned, () => all)).get(null) ?? [];
}

function isOf<G>(
  last: { group: G; found: Sum },
  group: G,
  { subject, feature }: StoredPart,
): boolean {
  const { found } = last;
  return last.group === group && found.feature === feature && found.subject === subject;
}

function findSum<G>(
  groups: Map<G, Map<string, Sum>>,
  group: G,
  { subject, feature }: StoredPart,
): Sum {
  const sums = groups.get(group) ?? new Map<string, Sum>();
  groups.set(group, sums);
  const name = keyName({ subject, feature });
  const sum = sums.get(name) ?? { subject, feature, sum: new FeatureProfileSum() };
  sums.set(name, sum);
  return sum;
}

function compareNames([a]: [string, Sum], [b]: [string, Sum]): number {
  return a < b ? -1 : 1;
}
