import type { Runbook, RunbookSummary } from "#lib/api/runbook.ts";
import type { Answer } from "./sentence.ts";
import { figure, plural, sentence } from "./sentence.ts";

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
      headline: sentence`${sayTitles(due)} ${plural(due.length, "is", "are")} due for review, of ${count}.`,
      detail,
    };
  const reviewed = runbooks.filter(({ review }) => review !== "none").length;
  const days =
    reviewed === runbooks.length
      ? "Each has a day for its next review."
      : `${reviewed === 0 ? "None" : reviewed} of them ${plural(Math.max(1, reviewed), "has", "have")} a day for the next review.`;
  return {
    health: null,
    headline: sentence`${count}; none is due for review.`,
    detail: sentence`${days} ${detail}`,
  };
}

/** Titles are words, not names to be copied. */
function sayTitles(due: readonly RunbookSummary[]): string {
  const shown = due.slice(0, 2).map(({ title }) => title);
  const more = due.length - shown.length;
  return more === 0 ? shown.join(" and ") : `${shown.join(", ")} and ${more} more`;
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
      headline: sentence`${title} is archived and attached to nothing.`,
      detail,
    };
  if (review === "due")
    return {
      health: "watch",
      headline: sentence`${title} is due for review since ${reviewBy ?? ""}: read it, mend it, and set the next day.`,
      detail,
    };
  if (attachSentence === "by hand only" || !isEnabled)
    return { health: null, headline: sentence`${title} is attached by hand only.`, detail };
  return {
    health: null,
    headline: sentence`${title} is given to incidents of: ${attachSentence}.`,
    detail,
  };
}
