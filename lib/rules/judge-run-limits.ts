import type { CheckResult } from "#lib/domain/action.ts";

/** Whether a cool-down or a daily maximum stands against another run. The moment is in UTC: a log is read in any zone. */
export function judgeLimits({
  coolDownMinutes,
  dailyMax,
  lastAt,
  dailyCount,
}: {
  coolDownMinutes: number;
  dailyMax: number | null;
  /** The last run within the cool-down, if there was one. */
  lastAt: Date | null;
  /** Of the last 24 h. */
  dailyCount: number;
}): CheckResult[] {
  const results: CheckResult[] = [];
  if (coolDownMinutes > 0) {
    const until = lastAt === null ? null : new Date(lastAt.getTime() + coolDownMinutes * 60_000);
    results.push({
      name: "cool_down",
      isHeld: until === null,
      reason: until === null ? "no cool-down" : `cool-down until ${sayMoment(until)}`,
    });
  }
  if (dailyMax !== null)
    results.push({
      name: "daily_max",
      isHeld: dailyCount < dailyMax,
      reason:
        dailyCount < dailyMax
          ? `${dailyCount} of ${dailyMax} runs in 24 h`
          : `it ran ${dailyCount} times in 24 h, ${dailyMax} is the most`,
    });
  return results;
}

const sayMoment = (at: Date) => `${at.toISOString().slice(0, 16).replace("T", " ")} UTC`;
