import type { Freshness } from "#lib/api/freshness.ts";
import type { Volume } from "#lib/api/volume.ts";
import { fixtureBuckets, fixtureNowMs, fixtureRandom } from "./fixture-random.ts";

const hourMs = 3_600_000;

export interface VolumeFixture {
  versionCount?: number;
  bucketCount?: number;
  gap?: [number, number];
}

export function fixtureVolume({
  versionCount = 2,
  bucketCount = 168,
  gap = [96, 104],
}: VolumeFixture = {}): Volume {
  const random = fixtureRandom(5);
  const buckets = fixtureBuckets(bucketCount);
  const versions = Array.from({ length: versionCount }, (_, at) => ({
    version: `2026.${11 - (at % 11)}.${1 + Math.floor(at / 11)}`,
    rowCounts: buckets.map((_bucket, index) => {
      if (index >= gap[0] && index < gap[1]) return null;
      const day = 1 + Math.sin(((index % 24) / 24) * 2 * Math.PI - 1.7) * 0.55;
      const share =
        at === 0 ? Math.min(1, Math.max(0, (index - bucketCount * 0.45) / 20)) : 1 / (at + 1);
      return Math.round(7_200 * day * share * (0.92 + random() * 0.16));
    }),
  }));
  const total = versions
    .flatMap(({ rowCounts }) => rowCounts)
    .reduce<number>((sum, count) => sum + (count ?? 0), 0);
  return {
    model: "eta",
    environment: "production",
    from: buckets[0] ?? new Date(fixtureNowMs).toISOString(),
    until: new Date(fixtureNowMs).toISOString(),
    rowCount: total,
    previousRowCount: Math.round(total * 1.08),
    labelCount: Math.round(total * 0.41),
    rejectedCount: 1_203,
    bucketMs: hourMs,
    buckets,
    versions,
  };
}

export function fixtureFreshness(bucketCount = 168): Freshness {
  const random = fixtureRandom(13);
  const at = (ms: number) => new Date(fixtureNowMs - ms).toISOString();
  const spread = (p50: number) => ({ p50, p90: p50 * 2.1, p99: p50 * 6, maximum: p50 * 40 });
  const feature = (name: string, ageMs: number | null, missingShare: number) => ({
    feature: name,
    lastSeenAt: at(3_000),
    newestFeatureAt: ageMs === null ? null : at(ageMs),
    ageMs: ageMs === null ? null : spread(ageMs),
    rowCount: 1_213_400,
    missingShare,
  });
  return {
    model: "eta",
    environment: "production",
    version: "",
    from: at(bucketCount * hourMs),
    until: at(0),
    lastEventAt: at(4_000),
    lastReceivedAt: at(3_600),
    eventLagMs: spread(340),
    bucketMs: hourMs,
    series: fixtureBuckets(bucketCount).map((from, index) => {
      if (index >= 96 && index < 104)
        return { from, rowCount: null, lagP50Ms: null, lagP99Ms: null };
      const slow = index > 130 && index < 138 ? 4 : 1;
      return {
        from,
        rowCount: Math.round(7_000 + random() * 900),
        lagP50Ms: 320 + random() * 60,
        lagP99Ms: (1_900 + random() * 500) * slow,
      };
    }),
    features: [
      feature("origin_traffic", 7_800_000, 0.034),
      feature("carrier_delay_rolling_mean_over_the_last_24_hours", 182_000, 0.002),
      feature("distance", null, 0.034),
      feature("origin", null, 0),
      feature("is_weekend", null, 0),
    ],
  };
}
