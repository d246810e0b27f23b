import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { runbookLimits } from "#lib/domain/runbook.ts";
import { parseRunbook } from "./parse-runbook.ts";

const fence = "```";
const step = (head: string, ...lines: string[]) =>
  [`${fence}step ${head}`, ...lines, fence].join("\n");
const query = (...lines: string[]) => step("query q", "title: Q", ...lines);
const manual = step("manual a", "title: A");

describe("what is well written", () => {
  test("is text and steps in their order, with their lines", () => {
    const body = [
      "# When",
      "",
      manual,
      "Between.",
      "",
      step(
        "query how-far",
        "title: How far?",
        "ask: drift psi",
        "of: feature dep delay",
        "model: {{incident.model}}",
        "segment: haul=long",
        "window: last 24 h",
        "compare: last week",
        "least: 30",
        "expect: < 0.2",
        "in range: end",
        "out of range: a",
        "cannot say: next",
        "",
        "Read **this**.",
      ),
      step("action back", "title: Back", "action: roll-back"),
    ].join("\n");
    const { parts, steps, problems } = parseRunbook(body);
    expect(problems).toEqual([]);
    expect(parts.map((part) => (part.kind === "text" ? part.line : part.step.line))).toEqual([
      1, 3, 6, 8, 24,
    ]);
    expect(steps.map(({ id, number, kind }) => [id, number, kind])).toEqual([
      ["a", 1, "manual"],
      ["how-far", 2, "query"],
      ["back", 3, "action"],
    ]);
    expect(steps[1]).toMatchObject({
      text: "Read **this**.",
      textLine: 22,
      query: {
        kind: "drift",
        statistic: "psi",
        target: "feature",
        feature: "dep delay",
        model: null,
        segment: { key: "haul", value: "long" },
        window: { kind: "last", lengthMs: 86_400_000 },
        reference: "last_week",
        sampleMin: 30,
        expect: { kind: "range", low: null, high: { at: 0.2, isIn: false }, isRelative: false },
        inRange: { kind: "end" },
        outOfRange: { kind: "step", id: "a" },
        cannotSay: { kind: "next" },
      },
    });
    expect(steps[2]).toMatchObject({ actionSlug: "roll-back" });
  });

  test("asks what the incident is about, in the window that fired, when it says no more", () => {
    const [found] = parseRunbook(query("ask: quality missing_share")).steps;
    expect(found).toMatchObject({
      query: {
        target: "incident",
        segment: "incident",
        window: { kind: "evidence" },
        reference: "baseline",
        expect: null,
        inRange: { kind: "next" },
        cannotSay: null,
      },
    });
  });

  test("may hold code that is no step, windows' line ends, and {{incident.feature}} as a target", () => {
    const sql = `${fence}sql\nSELECT 1\n${fence}\n`;
    expect(parseRunbook(`${sql}${manual}`).problems).toEqual([]);
    expect(parseRunbook(manual.replaceAll("\n", "\r\n")).problems).toEqual([]);
    const [found] = parseRunbook(
      query("ask: drift psi", "of: feature {{ incident.feature }}"),
    ).steps;
    expect(found).toMatchObject({ query: { target: "incident", feature: null } });
  });
});

const psi = "ask: drift psi";
const bad: [name: string, body: string, line: number, words: string][] = [
  ["nothing at all", "", 1, "it is empty"],
  ["spaces alone", "  \n\n ", 1, "it is empty"],
  ["no step", "# Text\n\nMore.", 1, "at least one step"],
  ["no end", `${fence}step manual a\ntitle: A`, 1, "no closing"],
  [
    "a word that is nearly step",
    `${fence}Steps manual a\ntitle: A\n${fence}`,
    1,
    "expected `step`",
  ],
  ["no kind", step("", "title: A"), 1, "found nothing"],
  ["an unknown kind", step("sql a", "title: A"), 1, "found `sql`"],
  ["no name", step("manual", "title: A"), 1, "expected the step's name"],
  ["a name with capitals", step("manual Abc", "title: A"), 1, "found `Abc`"],
  ["a name that is too long", step(`manual ${"a".repeat(49)}`, "title: A"), 1, "at most 48"],
  ["a name that leads somewhere", step("manual end", "title: A"), 1, "says where one leads"],
  ["more after the name", step("manual a b", "title: A"), 1, "found `b`"],
  ["no title", step("manual a", "", "Text."), 1, "title: ..."],
  ["an empty title", step("manual a", "title:"), 2, "expected a value after `title:`"],
  ["a long title", step("manual a", `title: ${"x".repeat(161)}`), 2, "it has 161"],
  ["text without an empty line", step("manual a", "title: A", "Do it"), 3, "after an empty line"],
  ["a field of another kind", step("manual a", "title: A", psi), 3, "nothing of a manual step"],
  ["a field twice", step("manual a", "title: A", "title: B"), 3, "said twice"],
  ["the same name twice", `${manual}\n${manual}`, 4, "taken by the step on line 1"],
  ["no question", query(), 1, "expected a line `ask: <kind> <statistic>`"],
  ["an unknown kind of question", query("ask: vibes psi"), 3, "`vibes` can't be asked"],
  ["no statistic", query("ask: drift"), 3, "found none"],
  ["a statistic of another kind", query("ask: drift accuracy"), 3, "found `accuracy`"],
  ["more after the statistic", query("ask: drift psi now"), 3, "found `now`"],
  [
    "a target of another kind",
    query("ask: volume rows", "of: label"),
    4,
    "can't be taken of `label`",
  ],
  ["a feature without a name", query(psi, "of: feature"), 4, "expected the feature's name"],
  [
    "a feature by another parameter",
    query(psi, "of: feature {{incident.title}}"),
    4,
    "only `{{incident.feature}}`",
  ],
  ["more after a target", query(psi, "of: label x"), 4, "expected nothing after `label`"],
  [
    "a model by another parameter",
    query(psi, "model: {{incident.title}}"),
    4,
    "only `{{incident.model}}`",
  ],
  ["a segment without a value", query(psi, "segment: haul"), 4, "key=value"],
  ["a window of no kind", query(psi, "window: yesterday"), 4, "found `yesterday`"],
  ["a window without a unit", query(psi, "window: last 24"), 4, "min, h or d"],
  ["a window that is too short", query(psi, "window: last 1 min"), 4, "from 5 min to 31 d"],
  ["a window that is too long", query(psi, "window: last 99 d"), 4, "from 5 min to 31 d"],
  ["an unknown reference", query(psi, "compare: yesterday"), 4, "can't be compared with"],
  [
    "a reference of what compares with none",
    query("ask: volume rows", "compare: previous"),
    4,
    "compared with nothing",
  ],
  ["a sample that is no number", query(psi, "least: some"), 4, "found `some`"],
  ["a sample of none", query(psi, "least: 0"), 4, "found `0`"],
  ["an expectation of no form", query(psi, "expect: small"), 4, "found `small`"],
  ["a range upside down", query(psi, "expect: 2 to 1"), 4, "must not be above"],
  ["a time without a unit", query("ask: freshness event_age", "expect: < 15"), 4, "with its unit"],
  ["a time of what is none", query(psi, "expect: < 15 min"), 4, "no unit `min`"],
  ["per cent of rows", query("ask: volume rows", "expect: > 50 %"), 4, "only of shares"],
  [
    "a share of the reference with a unit",
    query("ask: latency p95", "expect: < 2 min of reference"),
    4,
    "has no unit",
  ],
  ["a verdict with a number", query("ask: drift verdict", "expect: < 0.2"), 4, "`no drift`"],
  ["another verdict's word", query("ask: skew verdict", "expect: no drift"), 4, "`no skew`"],
  [
    "a share of the reference of drift",
    query(psi, "expect: < 2 of reference"),
    4,
    "already is a comparison",
  ],
  [
    "a share of a baseline",
    query("ask: volume rows", "compare: baseline", "expect: > 50 % of reference"),
    4,
    "one of the same length",
  ],
  ["a number that is none", query(psi, "expect: < 1e999"), 4, "too large"],
  ["a branch without an expectation", query(psi, "in range: a"), 4, "needs a line `expect"],
  ["a branch to nowhere", query(psi, "expect: < 1", "in range: b"), 1, "no step of that name"],
  ["a branch to itself", query(psi, "expect: < 1", "in range: q"), 1, "leads to itself"],
  ["a branch that is no name", query(psi, "expect: < 1", "in range: step 5"), 5, "found `step 5`"],
  ["an action without a slug", step("action a", "title: A"), 1, "action: <slug>"],
  [
    "an action's slug with spaces",
    step("action a", "title: A", "action: roll back"),
    3,
    "found `roll back`",
  ],
  ["an unknown parameter in the text", `Hi {{incident.nope}}\n${manual}`, 1, "stands for nothing"],
  [
    "an unknown parameter in a step",
    step("manual a", "title: A", "", "One.", "{{x}}"),
    5,
    "stands for nothing",
  ],
  [
    "a step too many",
    Array.from({ length: 61 }, (_, i) => step(`manual a${i}`, "title: A")).join("\n"),
    181,
    "at most 60",
  ],
];

describe("what can't be meant is said with its line", () => {
  test.each(bad)("%s", (_name, body, line, words) => {
    const { problems } = parseRunbook(body);
    const found = problems.filter((problem) => problem.line === line);
    expect(found.map(({ message }) => message).join("\n")).toContain(words);
  });

  test("and what else can be read is read", () => {
    const { steps, problems } = parseRunbook(`${step("sql x", "title: X")}\n${manual}`);
    expect(steps.map(({ id }) => id)).toEqual(["a"]);
    expect(problems).toHaveLength(1);
  });
});

test("any text at all is read without an error, in a bounded list of problems within its lines", () => {
  const word = fc.constantFrom(
    ...["```", "~~~", "step", "manual", "query", "a", "title:", "ask:", "drift", "psi", "\n", " "],
    ...[
      "expect:",
      "<",
      "{{",
      "}}",
      "of:",
      "feature",
      "in range:",
      "*",
      "[",
      "](",
      "|",
      "> ",
      "1. ",
    ],
  );
  fc.assert(
    fc.property(
      fc.array(fc.oneof(word, fc.string({ maxLength: 8 })), { maxLength: 200 }),
      (words) => {
        const body = words.join(" ");
        const { problems } = parseRunbook(body);
        const lineCount = body.replaceAll("\r\n", "\n").split("\n").length;
        expect(problems.length).toBeLessThanOrEqual(runbookLimits.problemsMax);
        for (const { line } of problems) {
          expect(line).toBeGreaterThanOrEqual(1);
          expect(line).toBeLessThanOrEqual(lineCount);
        }
      },
    ),
  );
});
