const firstMs = 250;
const backoffMsMax = 30_000;
const retryAfterMsMax = 300_000;

/** How long to wait before the next attempt; `attempt` counts from 0, `random` is in [0, 1). */
export function retryDelayMs(
  attempt: number,
  retryAfter: string | null,
  nowMs: number,
  random: number,
): number {
  const asked = parseRetryAfter(retryAfter, nowMs);
  // Clients that were told the same second must not all come back in it.
  if (asked !== null) return Math.min(asked, retryAfterMsMax) + random * 100;
  return Math.min(backoffMsMax, firstMs * 2 ** Math.min(attempt, 16)) * (0.5 + random / 2);
}

/** Seconds or an HTTP date, in milliseconds from now. */
function parseRetryAfter(value: string | null, nowMs: number): number | null {
  if (value === null || value.trim() === "") return null;
  const seconds = Number(value);
  if (Number.isFinite(seconds)) return Math.max(0, seconds * 1_000);
  const date = Date.parse(value);
  return Number.isNaN(date) ? null : Math.max(0, date - nowMs);
}
