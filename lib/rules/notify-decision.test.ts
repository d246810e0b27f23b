import { describe, expect, test } from "vitest";
import type { LastTold, NotifyFacts } from "./notify-decision.ts";
import { decideNotification } from "./notify-decision.ts";

const facts = (overrides: Partial<NotifyFacts>): NotifyFacts => ({
  last: null,
  firing: [],
  resolved: [],
  sendsResolved: true,
  repeatMs: 1_000,
  nowMs: 10_000,
  ...overrides,
});
const last = (firing: string[], resolved: string[] = [], atMs = 9_500): LastTold => ({
  atMs,
  firing,
  resolved,
});

const rows: [string, Partial<NotifyFacts>, ReturnType<typeof decideNotification>["reason"]][] = [
  ["1: something fires and nobody was told", { firing: ["a"] }, "first"],
  ["2: nothing fires and nobody was told", {}, null],
  ["2: what fired and cleared before anybody was told", { resolved: ["a"] }, null],
  ["3: it fires again after all was over", { firing: ["b"], last: last([]) }, "first"],
  ["4: one more fires", { firing: ["a", "b"], last: last(["a"]) }, "new_alerts"],
  [
    "4: another one fires instead",
    { firing: ["b"], resolved: ["a"], last: last(["a"]) },
    "new_alerts",
  ],
  ["5: all is over", { resolved: ["a"], last: last(["a"]) }, "all_resolved"],
  ["6: all is over, and that is known", { resolved: ["a"], last: last([], ["a"]) }, null],
  [
    "7: one of two is over",
    { firing: ["a"], resolved: ["b"], last: last(["a", "b"]) },
    "some_resolved",
  ],
  ["7: and that is known", { firing: ["a"], resolved: ["b"], last: last(["a"], ["b"]) }, null],
  [
    "8: the time has come to say it again",
    { firing: ["a"], last: last(["a"], [], 9_000) },
    "repeat",
  ],
  [
    "8: even where nothing new happened",
    { firing: ["a"], last: last(["a", "b"], [], 8_000) },
    "repeat",
  ],
  ["9: nothing new, too soon", { firing: ["a"], last: last(["a"], [], 9_001) }, null],
];

describe("with every option on", () => {
  test.each(rows)("%s", (_, overrides, reason) => {
    const decision = decideNotification(facts(overrides));
    expect(decision.reason).toBe(reason);
    expect(decision.isSent).toBe(reason !== null);
    if (reason === null) expect(decision.next).toBe(overrides.last ?? null);
    else
      expect(decision.next).toEqual({
        atMs: 10_000,
        firing: overrides.firing ?? [],
        resolved: overrides.resolved ?? [],
      });
  });
});

describe("with resolves off", () => {
  const off: [string, Partial<NotifyFacts>, string | null, boolean][] = rows.map(
    ([name, overrides, reason]) => {
      const isSome = reason === "some_resolved";
      return [
        name,
        overrides,
        isSome ? null : reason,
        reason !== null && reason !== "all_resolved" && !isSome,
      ];
    },
  );
  test.each(off)("%s", (_, overrides, reason, isSent) => {
    const decision = decideNotification(facts({ ...overrides, sendsResolved: false }));
    expect([decision.reason, decision.isSent]).toEqual([reason, isSent]);
  });

  test("a flapping alert is told each time that it fires, and not once for ever", () => {
    let told: LastTold | null = null;
    const sent: string[] = [];
    for (let i = 0; i < 4; i += 1)
      for (const firing of [[`alert ${i}`], []]) {
        const decision = decideNotification(facts({ last: told, firing, sendsResolved: false }));
        told = decision.next;
        if (decision.isSent) sent.push(decision.reason ?? "");
      }
    expect(sent).toEqual(["first", "first", "first", "first"]);
  });
});

test("with repeats off nothing is said twice, however long it lasts", () => {
  const decision = decideNotification(
    facts({ firing: ["a"], last: last(["a"], [], 0), repeatMs: null, nowMs: 1e12 }),
  );
  expect(decision.reason).toBeNull();
});

test("with everything off a beginning is told and nothing else", () => {
  const off = { sendsResolved: false, repeatMs: null };
  const told = rows.filter(
    ([, overrides]) => decideNotification(facts({ ...overrides, ...off })).isSent,
  );
  expect(told.map(([name]) => name.slice(0, 1))).toEqual(["1", "3", "4", "4"]);
});
