import { describe, expect, test } from "vitest";
import type { BurnVerdict, JudgedTier, TierName } from "./burn-rate.ts";
import { deriveTiers } from "./burn-rate.ts";
import type { JudgedBurn } from "./judge-slo.ts";
import { judgeSlo } from "./judge-slo.ts";
import { dayMs, minuteMs } from "./wall-clock.ts";

const tiers = deriveTiers({ objective: 0.999, periodMs: 30 * dayMs, cadenceMs: minuteMs });
const pace = { remaining: 0.5, periodMs: 30 * dayMs };
const bounds = (burn: number) => ({ least: burn, most: burn });

function judged(
  verdicts: Partial<Record<TierName, BurnVerdict>>,
  countVerdict: BurnVerdict = "clear",
): JudgedBurn {
  let firing: TierName | null = null;
  const found = tiers.flatMap((tier): JudgedTier[] => {
    const verdict = verdicts[tier.name];
    if (verdict === undefined) return [];
    const inhibitedBy = verdict === "fire" ? firing : null;
    if (verdict === "fire") firing ??= tier.name;
    const burn = verdict === "fire" ? bounds(20) : bounds(0.1);
    const longCount = { goodCount: 900, badCount: 20, unmeasuredCount: 0 };
    return [{ tier, longCount, long: burn, short: burn, verdict, inhibitedBy }];
  });
  return {
    judged: found,
    countTier: { windowMs: 7 * dayMs, badCountMin: 25 },
    count: { goodCount: 2_000, badCount: countVerdict === "fire" ? 30 : 1, unmeasuredCount: 0 },
    countVerdict,
  };
}
const sayOf = (burn: JudgedBurn, urgency: "page" | "ticket") => {
  const result = judgeSlo(burn, urgency, pace);
  if (result === null) return null;
  return result.kind === "value" ? result.judged : result.kind;
};

describe("what the tiers of one urgency say together", () => {
  test.each<[string, Partial<Record<TierName, BurnVerdict>>, BurnVerdict, unknown, unknown]>([
    ["all calm", { page_fast: "clear", ticket_fast: "clear" }, "clear", "clear", "clear"],
    [
      "a page, and nothing beside it",
      { page_fast: "fire", ticket_fast: "fire" },
      "clear",
      "fire",
      "between",
    ],
    [
      "the slower page where the faster is calm",
      { page_fast: "clear", page_slow: "fire", ticket_fast: "clear" },
      "clear",
      "fire",
      "clear",
    ],
    ["a ticket alone", { page_fast: "clear", ticket_fast: "fire" }, "clear", "clear", "fire"],
    ["a count, as a ticket", { page_fast: "clear" }, "fire", "clear", "fire"],
    ["a count beside a page waits for it", { page_fast: "fire" }, "fire", "fire", "between"],
    [
      "unknown keeps what was",
      { page_fast: "unknown", ticket_fast: "unknown" },
      "unknown",
      "no_data",
      "no_data",
    ],
    [
      "one unknown beside a calm one is not calm",
      { page_fast: "clear", page_slow: "unknown", ticket_fast: "clear" },
      "clear",
      "no_data",
      "clear",
    ],
    [
      "one unknown beside one that fires",
      { page_fast: "unknown", page_slow: "fire" },
      "clear",
      "fire",
      "clear",
    ],
    ["no tier but the count", {}, "clear", null, "clear"],
  ])("%s", (_, verdicts, countVerdict, page, ticket) => {
    const burn = judged(verdicts, countVerdict);
    expect([sayOf(burn, "page"), sayOf(burn, "ticket")]).toEqual([page, ticket]);
  });

  test("has the pace in its value and words, and how many events stand behind it", () => {
    expect(judgeSlo(judged({ page_fast: "fire" }), "page", pace)).toMatchObject({
      kind: "value",
      value: 20,
      fireThreshold: 14.4,
      sampleCount: 920,
      sentence: expect.stringContaining("gone in 18\u202fh"),
    });
    expect(judgeSlo(judged({}, "fire"), "ticket", pace)).toMatchObject({
      value: 30,
      fireThreshold: 25,
      sentence:
        "30 bad in 7\u202fd, where 25 are too many; 50\u202f% of the 30\u202fd budget is left",
    });
  });
});
