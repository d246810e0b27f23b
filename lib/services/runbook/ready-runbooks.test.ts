import { describe, expect, test } from "vitest";
import { attachRuleSchema, runbookLimits } from "#lib/domain/runbook.ts";
import { parseRunbook } from "#lib/rules/parse-runbook.ts";
import { readyRunbooks } from "./ready-runbooks.ts";

test("there are eleven, each under its own key and title", () => {
  expect(readyRunbooks).toHaveLength(11);
  expect(new Set(readyRunbooks.map(({ key }) => key)).size).toBe(11);
  expect(new Set(readyRunbooks.map(({ title }) => title)).size).toBe(11);
});

describe.each(readyRunbooks)("$title", ({ body, attach, title }) => {
  const { parts, steps, problems } = parseRunbook(body);

  test("can be read, and is attached by a rule", () => {
    expect(problems).toEqual([]);
    expect(attachRuleSchema.safeParse(attach).success).toBe(true);
    expect(title.length).toBeLessThanOrEqual(runbookLimits.titleLengthMax);
  });

  test("goes from triage by figures to what is told to others", () => {
    const headings = parts.flatMap((part) =>
      part.kind === "text" ? [...part.text.matchAll(/^## (.+)$/gm)].map(([, name]) => name) : [],
    );
    expect(headings).toEqual(["Triage", "Confirm", "Scope", "Mitigate", "Verify", "Communicate"]);
    expect(steps[0]).toMatchObject({ kind: "manual", id: "triage" });
    expect(steps.at(-1)).toMatchObject({ kind: "manual", id: "record" });
    expect(steps.filter(({ kind }) => kind === "query").length).toBeGreaterThanOrEqual(4);
  });

  test("reaches every step by some way", () => {
    const reached = new Set<string>();
    const next = [0];
    for (let at = next.pop(); at !== undefined; at = next.pop()) {
      const step = steps[at];
      if (step === undefined || reached.has(step.id)) continue;
      reached.add(step.id);
      next.push(at + 1);
      if (step.kind !== "query") continue;
      for (const branch of [step.query.inRange, step.query.outOfRange, step.query.cannotSay])
        if (branch?.kind === "step") next.push(steps.findIndex(({ id }) => id === branch.id));
    }
    expect([...reached].sort()).toEqual(steps.map(({ id }) => id).sort());
  });
});
