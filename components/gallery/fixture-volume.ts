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
    segment: null,
    from: buckets[0] ?? new Date(fixtureNowMs).toISOString(),
    until: new Date(fixtureNowMs).toISOString(),
    rowCount: total,
    previousRowCount: Math.round(total * 1.08),
    labelCount: Math.round(total * 0.41),
    rejectedCount: 1_203,
    bucketMs: hourMs,
    buckets,
    waitingBucketCount: versions[0]?.rowCounts.filter((count) => count === null).length ?? 0,
    versions,
    hours: fixtureHours(buckets.slice(-72)),
  };
}

/** Three days whose last hour is far below what is usual; the first are of a past that is too short. */
function fixtureHours(buckets: readonly string[]): Volume["hours"] {
  const random = fixtureRandom(17);
  const series = buckets.map((from, index): Volume["hours"]["series"][number] => {
    const expected = Math.round(7_200 * (1 + Math.sin((index % 24) / 3.82 - 1.7) * 0.55));
    const isLast = index === buckets.length - 1;
    const rowCount = isLast ? 1_204 : Math.round(expected * (0.9 + random() * 0.2));
    if (index < 8)
      return {
        from,
        rowCount,
        verdict: "cannot_say",
        expected: null,
        lower: null,
        upper: null,
        reason: "28 of 30 past hours",
      };
    return {
      from,
      rowCount,
      verdict: isLast ? "low" : "usual",
      expected,
      lower: Math.round(expected * 0.74),
      upper: Math.round(expected * 1.31),
      reason: `${expected} rows are usual at this hour of the week`,
    };
  });
  return { zone: "Europe/Berlin", series, last: series.at(-1) ?? null };
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
    lastSeenEverAt: at(3_000),
  });
  return {
    model: "eta",
    environment: "production",
    version: "",
    segment: null,
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
    segments: [
      { key: "region", value: "eu", lastSeenAt: at(4_000) },
      { key: "region", value: "us", lastSeenAt: at(5_400_000) },
    ],
    objective: { ageMs: 900_000, share: 0.99 },
    attainment: {
      rowCount: 1_213_400,
      rowsWithinLeast: 1_210_000,
      rowsWithinMost: 1_210_000,
      rows: "met",
      slicesFrom: at(bucketCount * hourMs),
      sliceCount: 2_004,
      freshSliceCount: 1_902,
      unknownSliceCount: 12,
      slices: "missed",
    },
    receiptTimedShareMost: 0.002,
  };
}
