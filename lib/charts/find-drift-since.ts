import type { Verdict } from "#lib/domain/health.ts";

/**
 * The start of the run of drift that lasts until now. Buckets that cannot say neither end a run nor begin one; null when
 * the newest bucket that can say does not drift.
 */
export function findDriftSince(
  buckets: readonly { fromMs: number; verdict: Verdict }[],
): { fromMs: number; isWholeWindow: boolean } | null {
  let fromMs: number | null = null;
  for (const bucket of [...buckets].reverse()) {
    if (bucket.verdict === "no_drift")
      return fromMs === null ? null : { fromMs, isWholeWindow: false };
    if (bucket.verdict === "drift") fromMs = bucket.fromMs;
  }
  return fromMs === null ? null : { fromMs, isWholeWindow: true };
}
