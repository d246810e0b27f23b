import type { Runbook, RunbookSummary } from "#lib/api/runbook.ts";
import type { Answer } from "./sentence.ts";
import { figure, listNames, name, plural, sentence } from "./sentence.ts";

/** Is there one for what may come, and is each still true? */
export function prepareRunbooksAnswer(runbooks: readonly RunbookSummary[]): Answer {
  const detail = sentence`A runbook that fits is given to an incident when it opens, as it is at that moment; edits change nothing under way.`;
  if (runbooks.length === 0)
    return { health: null, headline: sentence`There is no runbook yet.`, detail };
  const due = runbooks.filter(({ review }) => review === "due");
  const count = figure(`${runbooks.length} ${plural(runbooks.length, "runbook")}`);
  if (due.length > 0)
    return {
      health: "watch",
      headline: sentence`${listNames(due.map(({ title }) => title))} ${plural(due.length, "is", "are")} due for review, of ${count}.`,
      detail,
    };
  const reviewed = runbooks.filter(({ review }) => review !== "none").length;
  return {
    health: null,
    headline: sentence`${count}; none is due for review.`,
    detail: sentence`${reviewed === runbooks.length ? "Each" : `${reviewed} of them`} ${reviewed === 1 || reviewed === runbooks.length ? "has" : "have"} a day for its next review. ${detail}`,
  };
}

export function prepareRunbookAnswer(runbook: Runbook, stepCount: number): Answer {
  const { title, isEnabled, archivedAt, attachSentence, review, reviewBy, version, useCount } =
    runbook;
  const steps = figure(`${stepCount} ${plural(stepCount, "step")}`);
  const used =
    useCount === 0
      ? "It was not used yet."
      : `It was used in ${useCount} ${plural(useCount, "incident")}.`;
  const detail = sentence`Version ${String(version)}, with ${steps}. ${used}`;
  if (archivedAt !== null)
    return {
      health: null,
      headline: sentence`${name(title)} is archived and attached to nothing.`,
      detail,
    };
  if (review === "due")
    return {
      health: "watch",
      headline: sentence`${name(title)} is due for review since ${reviewBy ?? ""}: read it, mend it, and set the next day.`,
      detail,
    };
  if (attachSentence === "by hand only" || !isEnabled)
    return { health: null, headline: sentence`${name(title)} is attached by hand only.`, detail };
  return {
    health: null,
    headline: sentence`${name(title)} is given to incidents of: ${attachSentence}.`,
    detail,
  };
}
