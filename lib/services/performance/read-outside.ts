import { pieceParams } from "#db/clickhouse/fragments/profile-window.ts";
import { baselineProfiles } from "#db/clickhouse/queries/baseline-profiles.ts";
import { outsideShares } from "#db/clickhouse/queries/outside-shares.ts";
import type { OutsideCount } from "#lib/stats/performance/outside.ts";
import type { ServiceContext } from "../context.ts";
import type { WindowPiece } from "../profile/cover-window.ts";
import { sumAllProfiles } from "../profile/sum-profiles.ts";
import type { CalendarBucket } from "./calendar-buckets.ts";
import type { PerformanceKey } from "./read-buckets.ts";

const featuresMax = 500;
/** A feature with more names in its baseline, or a tail of unnamed ones, says little by a new name. */
const namesMax = 1_000;

/** For each bucket and feature how many values lie outside what a baseline holds of it: numbers beyond its least and greatest,
 *  names that it never saw. */
export async function readOutside(
  ctx: Pick<ServiceContext, "ch" | "signal">,
  key: PerformanceKey,
  baselineId: string,
  pieces: readonly WindowPiece[],
  buckets: readonly CalendarBucket[],
): Promise<OutsideCount[][]> {
  const { modelId } = key;
  const asked = { modelId, baselineId, subjects: ["feature"] };
  const summed = await sumAllProfiles(ctx.ch.scan(baselineProfiles, asked, ctx.signal));
  const seen = summed
    .filter(
      ({ profile }) =>
        profile.numericCount > 0 ||
        (profile.stringCount > 0 &&
          profile.otherCount === 0 &&
          profile.valueNames.length <= namesMax),
    )
    .slice(0, featuresMax);
  if (seen.length === 0) return buckets.map(() => []);
  const rows = await ctx.ch.query(
    outsideShares,
    {
      ...key,
      ...pieceParams(pieces),
      features: seen.map((row) => row.feature),
      minima: seen.map(({ profile }) => profile.minimum ?? -Number.MAX_VALUE),
      maxima: seen.map(({ profile }) => profile.maximum ?? Number.MAX_VALUE),
      names: seen.map(({ profile }) => (profile.otherCount === 0 ? [...profile.valueNames] : [])),
    },
    ctx.signal,
  );
  const sums = buckets.map(() => new Map<string, { outside: number; values: number }>());
  let at = 0;
  for (const { bucketSeconds, feature, outsideCount, valueCount } of rows) {
    while (at < buckets.length - 1 && bucketSeconds * 1000 >= (buckets[at]?.untilMs ?? 0)) at += 1;
    const sum = sums[at]?.get(feature) ?? { outside: 0, values: 0 };
    sums[at]?.set(feature, {
      outside: sum.outside + outsideCount,
      values: sum.values + valueCount,
    });
  }
  const references = new Map(
    seen.map(({ feature, profile }) => [
      feature,
      {
        referenceCount: profile.numericCount + profile.stringCount,
        singleCount:
          profile.numericCount > 0 ? null : profile.valueCounts.filter((n) => n === 1).length,
      },
    ]),
  );
  return sums.map((features) =>
    [...features].flatMap(([feature, { outside, values }]) => {
      const reference = references.get(feature);
      if (reference === undefined) return [];
      return [{ feature, outsideCount: outside, valueCount: values, ...reference }];
    }),
  );
}
