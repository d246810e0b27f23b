import { describe, expect, test } from "vitest";
import type { StepOutcome } from "#lib/domain/runbook.ts";
import { parseRunbook } from "./parse-runbook.ts";
import { walkRunbook } from "./walk-runbook.ts";

const fence = "```";
const block = (...lines: string[]) => [...lines, fence, ""].join("\n");
// 1 triage, 2 confirm (in range: the end), 3 scope (out of range: retrain), 4 roll-back, 5 retrain, 6 verify (out of range: roll-back).
const { steps, problems } = parseRunbook(
  [
    block(`${fence}step manual triage`, "title: T"),
    block(
      `${fence}step query confirm`,
      "title: C",
      "ask: drift psi",
      "expect: < 0.2",
      "in range: end",
    ),
    block(
      `${fence}step query scope`,
      "title: S",
      "ask: drift psi",
      "expect: < 0.2",
      "out of range: retrain",
      "cannot say: verify",
    ),
    block(`${fence}step action roll-back`, "title: B", "action: roll-back"),
    block(`${fence}step manual retrain`, "title: R", "then: verify"),
    block(
      `${fence}step query verify`,
      "title: V",
      "ask: drift psi",
      "expect: < 0.2",
      "out of range: roll-back",
    ),
  ].join("\n"),
);

const walk = (...said: [string, StepOutcome][]) => {
  const found = walkRunbook(
    steps,
    said.map(([stepId, outcome]) => ({ stepId, outcome })),
  );
  return { next: found.nextId, states: [...found.states.values()].join(" ") };
};

test("the runbook of these tests can be read", () => expect(problems).toEqual([]));

describe("a runbook stands", () => {
  test("at its first step when nothing was said, and nowhere when it has none", () => {
    expect(walk()).toEqual({ next: "triage", states: "todo todo todo todo todo todo" });
    expect(walkRunbook([], [{ stepId: "x", outcome: "done" }])).toEqual({
      states: new Map(),
      nextId: null,
    });
  });

  test("at the step after one that was done, or left out", () => {
    expect(walk(["triage", "done"]).next).toBe("confirm");
    expect(walk(["triage", "skipped"])).toEqual({
      next: "confirm",
      states: "skipped todo todo todo todo todo",
    });
  });

  test("at its end when a branch leads there, with the rest not needed", () => {
    expect(walk(["triage", "done"], ["confirm", "in_range"])).toEqual({
      next: null,
      states: "done done passed passed passed passed",
    });
  });

  test("where the answer leads, past the steps between", () => {
    expect(
      walk(["triage", "done"], ["confirm", "out_of_range"], ["scope", "out_of_range"]),
    ).toEqual({ next: "retrain", states: "done done done passed todo todo" });
  });

  test("still at a question that could not be said, unless the step says where that leads", () => {
    expect(walk(["triage", "done"], ["confirm", "cannot_say"])).toEqual({
      next: "confirm",
      states: "done waiting todo todo todo todo",
    });
    expect(walk(["triage", "done"], ["confirm", "out_of_range"], ["scope", "cannot_say"])).toEqual({
      next: "verify",
      states: "done done waiting passed passed todo",
    });
    expect(walk(["triage", "done"], ["confirm", "cannot_say"], ["confirm", "skipped"]).next).toBe(
      "scope",
    );
  });

  const led = [
    ["triage", "done"],
    ["confirm", "out_of_range"],
    ["scope", "in_range"],
    ["roll-back", "done"],
    ["retrain", "done"],
  ] as [string, StepOutcome][];

  test("back where a branch leads back, with what was done since to be done again", () => {
    expect(walk(...led, ["verify", "out_of_range"])).toEqual({
      next: "roll-back",
      states: "done done done todo todo todo",
    });
    expect(walk(...led, ["verify", "out_of_range"], ["roll-back", "done"]).next).toBe("retrain");
    expect(
      walk(
        ...led,
        ["verify", "out_of_range"],
        ["roll-back", "done"],
        ["retrain", "skipped"],
        ["verify", "in_range"],
      ),
    ).toEqual({ next: null, states: "done done done done skipped done" });
  });

  test("past a step that somebody did before its turn", () => {
    expect(walk(["confirm", "out_of_range"])).toEqual({
      next: "triage",
      states: "todo done todo todo todo todo",
    });
    expect(walk(["confirm", "out_of_range"], ["triage", "done"]).next).toBe("scope");
  });

  test("the same when two people say the same at once", () => {
    expect(walk(["triage", "done"], ["triage", "done"])).toEqual(walk(["triage", "done"]));
  });

  test("elsewhere when what led here is asked anew and answers otherwise", () => {
    const asked = [
      ["triage", "done"],
      ["confirm", "in_range"],
    ] as [string, StepOutcome][];
    expect(walk(...asked, ["confirm", "out_of_range"])).toEqual({
      next: "scope",
      states: "done done todo todo todo todo",
    });
    // Once somebody went on from it, a second look is a second look.
    expect(walk(...led.slice(0, 3), ["roll-back", "done"], ["scope", "out_of_range"]).next).toBe(
      "retrain",
    );
  });

  test("at a step that was taken back, and nothing else of it is lost", () => {
    expect(walk(...led.slice(0, 3), ["triage", "reopened"])).toEqual({
      next: "triage",
      states: "todo done done todo todo todo",
    });
    expect(walk(...led.slice(0, 3), ["triage", "reopened"], ["triage", "done"]).next).toBe(
      "roll-back",
    );
  });

  test("unmoved by what was said of a step that it does not have", () => {
    expect(walk(["gone", "done"])).toEqual(walk());
  });
});
