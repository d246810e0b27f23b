import { closesFence, openedFence } from "#lib/charts/parse-markdown.ts";
import type {
  NextStep,
  ParsedRunbook,
  RunbookPart,
  RunbookProblem,
  RunbookStep,
  StepKind,
} from "#lib/domain/runbook.ts";
import { incidentParameters, isStepKind, runbookLimits } from "#lib/domain/runbook.ts";
import type { Field, Report } from "./parse-step-query.ts";
import { parseStepQuery, queryFields, readNext } from "./parse-step-query.ts";

/** A runbook is markdown; a step is a fenced block whose first line says `step`, its kind and its name:
 *
 *  ```step query how-many-rows
 *  title: As many rows as a week ago?
 *  ask: volume rows
 *  expect: 80 % to 120 % of reference
 *
 *  What to make of it, in markdown.
 *  ```
 *
 *  What can't be meant is a problem with its line; the steps that can be read are read all the same. */
export function parseRunbook(body: string): ParsedRunbook {
  const problems: RunbookProblem[] = [];
  const report: Report = (line, message) => {
    if (problems.length < runbookLimits.problemsMax) problems.push({ line, message });
  };
  const parts = cutParts(body.replaceAll("\r\n", "\n").split("\n"), report);
  const steps = parts.flatMap((part) => (part.kind === "step" ? [part.step] : []));
  if (body.trim() === "") report(1, "expected a text with at least one step; it is empty");
  else if (steps.length === 0 && problems.length === 0)
    report(1, "expected at least one step: a fenced block that begins with ```step manual <name>");
  if (steps.length > runbookLimits.stepsMax)
    report(
      steps[runbookLimits.stepsMax]?.line ?? 1,
      `expected at most ${runbookLimits.stepsMax} steps; this is one more`,
    );
  checkNames(steps, report);
  checkBranches(steps, report);
  checkParameters(parts, report);
  return { parts, steps, problems: problems.toSorted((a, b) => a.line - b.line) };
}

function cutParts(lines: readonly string[], report: Report): RunbookPart[] {
  const parts: RunbookPart[] = [];
  let textFrom = 0;
  const endText = (until: number) => {
    const text = lines.slice(textFrom, until).join("\n");
    if (text.trim() !== "") parts.push({ kind: "text", text, line: textFrom + 1 });
  };
  for (let at = 0; at < lines.length; at += 1) {
    const opened = openedFence(lines[at] ?? "");
    if (opened === null) continue;
    const length = lines.slice(at + 1).findIndex((line) => closesFence(line, opened));
    const end = length === -1 ? lines.length : at + 1 + length;
    if (length === -1)
      report(at + 1, `the block that begins here has no closing ${opened.mark.slice(0, 3)}`);
    if (/^steps?\b/i.test(opened.info)) {
      endText(at);
      const number = parts.filter((part) => part.kind === "step").length + 1;
      const step = readStep(
        opened.info,
        lines.slice(at + 1, end),
        { line: at + 1, number },
        report,
      );
      if (step !== null) parts.push({ kind: "step", step });
      textFrom = end + 1;
    }
    at = end;
  }
  endText(lines.length);
  return parts;
}

const namePattern = /^[a-z][a-z0-9-]*$/;

function readStep(
  info: string,
  lines: readonly string[],
  place: { line: number; number: number },
  report: Report,
): RunbookStep | null {
  const { line } = place;
  const [word, kind = "", id = "", ...more] = info.split(/\s+/);
  if (word !== "step") report(line, `expected \`step\`; found \`${word}\``);
  if (!isStepKind(kind)) {
    const found = kind === "" ? "found nothing" : `found \`${kind}\``;
    report(line, `expected the step's kind after \`step\`: manual, query or action; ${found}`);
    return null;
  }
  if (id === "") {
    report(line, `expected the step's name after \`step ${kind}\`, as \`step ${kind} confirm\``);
    return null;
  }
  if (!namePattern.test(id) || id.length > runbookLimits.stepIdLengthMax || reserved.has(id))
    report(
      line,
      reserved.has(id)
        ? `\`${id}\` can't be the name of a step: it says where one leads to`
        : `expected a name of small letters, digits and hyphens that begins with a letter, at most ${runbookLimits.stepIdLengthMax} long; found \`${id.slice(0, 60)}\``,
    );
  if (more.length > 0) report(line, `expected nothing after the name; found \`${more.join(" ")}\``);
  const { fields, text, textLine } = readFields(lines, line + 1, kind, report);
  const title = fields.get("title");
  if (title === undefined) report(line, "expected a line `title: ...` in this step");
  else if (title.value.length > runbookLimits.stepTitleLengthMax)
    report(
      title.line,
      `expected a title of at most ${runbookLimits.stepTitleLengthMax} characters; it has ${title.value.length}`,
    );
  const then: NextStep = readNext(fields.get("then"), report) ?? { kind: "next" };
  const head = { ...place, id, title: title?.value ?? id, text, textLine, then };
  switch (kind) {
    case "manual":
      return { ...head, kind };
    case "query": {
      const query = parseStepQuery(fields, line, report);
      return query === null ? null : { ...head, kind, query };
    }
    case "action":
      return { ...head, kind, actionSlug: readSlug(fields.get("action"), line, report) };
  }
}

const reserved = new Set(["next", "end"]);

const ownFields: Record<StepKind, readonly string[]> = {
  manual: ["title", "then"],
  query: ["title", "then", ...queryFields],
  action: ["title", "action", "then"],
};

function readFields(
  lines: readonly string[],
  firstLine: number,
  kind: StepKind,
  report: Report,
): { fields: ReadonlyMap<string, Field>; text: string; textLine: number } {
  const fields = new Map<string, Field>();
  let at = 0;
  for (; at < lines.length && (lines[at] ?? "").trim() !== ""; at += 1) {
    const line = firstLine + at;
    const [, name, value = ""] =
      /^\s*([A-Za-z][A-Za-z ]*?)\s*:\s*(.*?)\s*$/.exec(lines[at] ?? "") ?? [];
    if (name === undefined) {
      report(line, "expected `name: value`; the text of a step follows after an empty line");
      continue;
    }
    const key = name.toLowerCase();
    if (!ownFields[kind].includes(key))
      report(
        line,
        `\`${key}\` is nothing of a ${kind} step; expected one of ${ownFields[kind].join(", ")}`,
      );
    else if (fields.has(key)) report(line, `\`${key}\` is said twice`);
    else if (value === "") report(line, `expected a value after \`${key}:\``);
    else fields.set(key, { value, line });
  }
  const rest = lines.slice(at);
  const blank = rest.findIndex((line) => line.trim() !== "");
  return {
    fields,
    text: blank === -1 ? "" : rest.slice(blank).join("\n").trimEnd(),
    textLine: firstLine + at + Math.max(0, blank),
  };
}

function readSlug(field: Field | undefined, line: number, report: Report): string {
  if (field === undefined) {
    report(line, "expected a line `action: <slug>` that names the action");
    return "";
  }
  if (!/^[a-z0-9][a-z0-9-]{0,63}$/.test(field.value))
    report(
      field.line,
      `expected an action's slug of small letters, digits and hyphens; found \`${field.value.slice(0, 80)}\``,
    );
  return field.value;
}

function checkNames(steps: readonly RunbookStep[], report: Report): void {
  const known = new Map<string, number>();
  for (const { id, line } of steps) {
    const before = known.get(id);
    if (before === undefined) known.set(id, line);
    else report(line, `the name \`${id}\` is taken by the step on line ${before}`);
  }
}

function checkBranches(steps: readonly RunbookStep[], report: Report): void {
  const ids = new Set(steps.map(({ id }) => id));
  for (const step of steps) {
    for (const next of leadsOf(step)) {
      if (next?.kind !== "step") continue;
      if (!ids.has(next.id))
        report(step.line, `this step leads to \`${next.id}\`, and there is no step of that name`);
      else if (next.id === step.id) report(step.line, "this step leads to itself");
    }
  }
}

function leadsOf(step: RunbookStep): readonly (NextStep | null)[] {
  if (step.kind !== "query") return [step.then];
  const { inRange, outOfRange, cannotSay } = step.query;
  return [step.then, inRange, outOfRange, cannotSay];
}

function checkParameters(parts: readonly RunbookPart[], report: Report): void {
  for (const part of parts) {
    const { text, line } =
      part.kind === "text" ? part : { text: part.step.text, line: part.step.textLine };
    for (const [i, row] of text.split("\n").entries())
      for (const [, name = ""] of row.matchAll(/\{\{\s*([^{}]*?)\s*\}\}/g))
        if (!(incidentParameters as readonly string[]).includes(name))
          report(
            line + i,
            `\`{{${name.slice(0, 60)}}}\` stands for nothing; expected one of ${incidentParameters.join(", ")}`,
          );
  }
}
