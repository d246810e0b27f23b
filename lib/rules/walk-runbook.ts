import type { NextStep, RunbookStep, StepOutcome } from "#lib/domain/runbook.ts";

/** What was said of a step, in the order in which it was written down. */
export interface StepRecord {
  stepId: string;
  outcome: StepOutcome;
}

/** `passed`: a branch led around it. `waiting`: it was asked, and could not be said. */
export type StepState = "todo" | "done" | "skipped" | "passed" | "waiting";

export interface Walk {
  states: ReadonlyMap<string, StepState>;
  /** Null: the end was reached. */
  nextId: string | null;
}

/** Where a runbook stands after all that was written down of it. Steps may be done before their turn, by several people at once:
 *  each counts when its turn comes. A branch leads on past the steps between, or back: those are to be done again. What led here last
 *  may be said anew, and leads anew. */
export function walkRunbook(steps: readonly RunbookStep[], records: readonly StepRecord[]): Walk {
  const places = new Map(steps.map(({ id }, i) => [id, i]));
  const outcomes: (StepOutcome | null)[] = steps.map(() => null);
  const passed = steps.map(() => false);
  let at = 0;
  let decidedAt: number | null = null;

  /** The cursor moves on for as long as the step that it stands at has an outcome that leads on. */
  const settle = () => {
    for (let moves = 0; moves <= steps.length; moves += 1) {
      const step = steps[at];
      const outcome = outcomes[at] ?? null;
      if (step === undefined || outcome === null) return;
      const target = targetOf(step, outcome, at, places, steps.length);
      if (target === null) return;
      decidedAt = at;
      if (target > at) passed.fill(true, at + 1, target);
      else {
        outcomes.fill(null, target, at + 1);
        passed.fill(false, target, at + 1);
      }
      at = target;
    }
  };

  for (const { stepId, outcome } of records) {
    const place = places.get(stepId);
    if (place === undefined) continue;
    if (outcome === "reopened") {
      outcomes[place] = null;
      passed[place] = false;
      if (place < at) {
        passed.fill(false, place, at);
        at = place;
      }
      continue;
    }
    const isDecidedAnew = place === decidedAt && place < at;
    outcomes[place] = outcome;
    passed[place] = false;
    if (isDecidedAnew) {
      passed.fill(false, place + 1, at);
      at = place;
    }
    settle();
  }
  const states = steps.map(({ id }, i): [string, StepState] => [
    id,
    stateOf(outcomes[i] ?? null, passed[i] === true),
  ]);
  return { states: new Map(states), nextId: steps[at]?.id ?? null };
}

/** The place that an outcome leads to; null: it leads nowhere yet. Past the last step is the end. */
function targetOf(
  step: RunbookStep,
  outcome: StepOutcome,
  at: number,
  places: ReadonlyMap<string, number>,
  end: number,
): number | null {
  const go = (next: NextStep): number => {
    switch (next.kind) {
      case "next":
        return at + 1;
      case "end":
        return end;
      case "step":
        return places.get(next.id) ?? at + 1;
    }
  };
  switch (outcome) {
    case "done":
    case "skipped":
    case "shown":
      return go(step.then);
    case "in_range":
      return step.kind === "query" ? go(step.query.inRange) : at + 1;
    case "out_of_range":
      return step.kind === "query" ? go(step.query.outOfRange) : at + 1;
    case "cannot_say":
      return step.kind === "query" && step.query.cannotSay !== null
        ? go(step.query.cannotSay)
        : null;
    case "reopened":
      return null;
  }
}

function stateOf(outcome: StepOutcome | null, isPassed: boolean): StepState {
  switch (outcome) {
    case null:
    case "reopened":
      return isPassed ? "passed" : "todo";
    case "skipped":
      return "skipped";
    case "cannot_say":
      return "waiting";
    case "done":
    case "shown":
    case "in_range":
    case "out_of_range":
      return "done";
  }
}
