import { describe, expect, test } from "vitest";
import type { AcceptanceResult, ActionItemState } from "#lib/domain/action-item.ts";
import { actionItemStates } from "#lib/domain/action-item.ts";
import { isReopenedBy, stepActionItem } from "./step-action-item.ts";

const result = (verdict: AcceptanceResult["verdict"]): AcceptanceResult => ({
  verdict,
  sentence: "It did not fire.",
  firedAt: null,
  deadline: null,
  ranAt: "2026-11-01T00:00:00.000Z",
  monitorRevision: 1,
});
const step = (
  to: ActionItemState,
  {
    from = "open" as ActionItemState,
    verdict = null as AcceptanceResult["verdict"] | null,
    reason = null as string | null,
  } = {},
) =>
  stepActionItem(
    { state: from, hasTest: verdict !== null, result: verdict === null ? null : result(verdict) },
    { to, by: "Ada", reason },
  );

describe("an action item", () => {
  test.each(actionItemStates.flatMap((from) => actionItemStates.map((to) => ({ from, to }))))(
    "goes from $from to $to with a reason",
    ({ from, to }) => {
      expect(step(to, { from, reason: "so" }).kind).toBe(from === to ? "unchanged" : "moved");
    },
  );

  test("will not be done only with a reason", () => {
    expect(step("wont_do")).toMatchObject({ kind: "refused", path: "reason" });
    expect(step("wont_do", { reason: "retired" })).toMatchObject({
      state: "wont_do",
      stateReason: "retired",
      text: "Ada will not do it: retired",
    });
  });

  test.each([
    ["passed", null, "moved"],
    ["failed", null, "refused"],
    ["cannot_say", null, "refused"],
    ["failed", "seen by hand", "moved"],
  ] as const)(
    "with a test that says %s and the reason %s is %s as done",
    (verdict, reason, kind) => {
      expect(step("done", { verdict, reason }).kind).toBe(kind);
    },
  );

  test("that is opened again forgets why it was closed", () => {
    expect(step("open", { from: "wont_do", reason: "x" })).toMatchObject({ stateReason: "" });
  });
});

test.each([
  ["done", "passed", "failed", true],
  ["done", null, "failed", true],
  ["done", "cannot_say", "failed", true],
  ["done", "failed", "failed", false],
  ["done", "passed", "cannot_say", false],
  ["done", "passed", "passed", false],
  ["wont_do", "passed", "failed", false],
  ["open", "passed", "failed", false],
] as const)(
  "%s, tested before as %s and now as %s, is opened again: %s",
  (state, before, now, expected) => {
    expect(
      isReopenedBy({ state, before: before === null ? null : result(before) }, result(now)),
    ).toBe(expected);
  },
);
