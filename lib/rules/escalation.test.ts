import { describe, expect, test } from "vitest";
import type { EscalationLevel, EscalationSnapshot } from "#lib/domain/escalation.ts";
import type { EscalationProgress } from "./escalation.ts";
import { nextEscalation } from "./escalation.ts";

const start = new Date("2026-11-04T12:00:00Z");
const minutes = (count: number) => new Date(start.getTime() + count * 60_000);
const level = (id: string, waitMinutes: number): EscalationLevel => ({
  targets: [{ kind: "schedule", id }],
  destinationIds: [],
  waitMinutes,
});
const first = level("primary", 5);
const second = level("lead", 10);
const buildSnapshot = (rules: Partial<EscalationSnapshot["rules"]> = {}): EscalationSnapshot => ({
  policyId: "p-1",
  name: "ML",
  rules: { levels: [first, second], repeatCount: 1, ackTimeoutMinutes: 30, ...rules },
});
const buildProgress = (overrides: Partial<EscalationProgress> = {}): EscalationProgress => ({
  startedAt: start,
  stepCount: 0,
  lastStepAt: null,
  acknowledgedAt: null,
  isOver: false,
  isSilenced: false,
  ...overrides,
});

describe("an escalation", () => {
  test("pages every level as long after the one before as that one waits, as often as the policy says", () => {
    const snapshot = buildSnapshot();
    let progress = buildProgress();
    const paged: [string, number, string][] = [];
    for (let minute = 0; minute < 60; minute += 1) {
      const next = nextEscalation(snapshot, progress, minutes(minute));
      if (next.kind !== "page") continue;
      paged.push([next.level.targets[0]?.id ?? "", minute, next.reason.replaceAll("\u202f", " ")]);
      progress = { ...progress, stepCount: next.step + 1, lastStepAt: minutes(minute) };
    }
    expect(paged).toEqual([
      ["primary", 0, "level 1"],
      ["lead", 5, "level 2: nobody acknowledged within 5 min"],
      ["primary", 15, "level 1, round 2: nobody acknowledged within 10 min"],
      ["lead", 20, "level 2, round 2: nobody acknowledged within 5 min"],
    ]);
    expect(nextEscalation(snapshot, progress, minutes(600))).toEqual({ kind: "exhausted" });
  });

  test.each<[string, Partial<EscalationProgress>, number, object]>([
    [
      "waits for the level before",
      { stepCount: 1, lastStepAt: minutes(2) },
      6,
      { kind: "wait", untilTime: minutes(7) },
    ],
    [
      "goes on at the minute itself",
      { stepCount: 1, lastStepAt: minutes(2) },
      7,
      { kind: "page", step: 1 },
    ],
    [
      "pages one level at a time after a stop of the worker",
      { stepCount: 1, lastStepAt: minutes(0) },
      500,
      { kind: "page", step: 1 },
    ],
    [
      "stops at an acknowledgement",
      { stepCount: 1, lastStepAt: start, acknowledgedAt: minutes(3) },
      20,
      { kind: "wait", untilTime: minutes(33) },
    ],
    [
      "takes back one that nothing follows",
      { stepCount: 2, lastStepAt: minutes(5), acknowledgedAt: minutes(6) },
      36,
      { kind: "unacknowledge", stepCount: 1 },
    ],
    [
      "and pages again whoever was paged last, at once",
      { stepCount: 1, lastStepAt: null },
      36,
      { kind: "page", step: 1, level: second },
    ],
    [
      "is over with its incident",
      { isOver: true, acknowledgedAt: minutes(1) },
      99,
      { kind: "stopped" },
    ],
    ["is held while silenced", { isSilenced: true }, 1, { kind: "held" }],
    [
      "is held in its middle by maintenance that began later",
      { isSilenced: true, stepCount: 1, lastStepAt: start },
      9,
      { kind: "held" },
    ],
    [
      "reminds nobody while silenced",
      { isSilenced: true, stepCount: 1, lastStepAt: start, acknowledgedAt: start },
      31,
      { kind: "held" },
    ],
    ["begins when it says", { startedAt: minutes(2) }, 1, { kind: "wait", untilTime: minutes(2) }],
  ])("%s", (_, overrides, minute, expected) => {
    expect(
      nextEscalation(buildSnapshot(), buildProgress(overrides), minutes(minute)),
    ).toMatchObject(expected);
  });

  test("without a timeout an acknowledgement holds", () => {
    const progress = buildProgress({ acknowledgedAt: start });
    expect(
      nextEscalation(buildSnapshot({ ackTimeoutMinutes: null }), progress, minutes(9_999)),
    ).toEqual({ kind: "stopped" });
  });

  test("without repetition ends after its last level", () => {
    const progress = buildProgress({ stepCount: 2, lastStepAt: minutes(5) });
    expect(nextEscalation(buildSnapshot({ repeatCount: 0 }), progress, minutes(16))).toEqual({
      kind: "exhausted",
    });
  });
});
