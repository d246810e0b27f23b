/** The same figures on every run: mulberry32, seeded by the fixture. */
export function fixtureRandom(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
}

export const fixtureNowMs = Date.parse("2026-11-17T14:00:00Z");
const hourMs = 3_600_000;

/** The hour buckets that end at the fixtures' now, oldest first. */
export const fixtureBuckets = (count: number, bucketMs = hourMs): string[] =>
  Array.from({ length: count }, (_, index) =>
    new Date(fixtureNowMs - (count - index) * bucketMs).toISOString(),
  );

export const fixtureId = (number: number): string =>
  `00000000-0000-4000-8000-${String(number).padStart(12, "0")}`;
