import type { Postmortem, PostmortemList, PostmortemTemplate } from "#lib/api/postmortem.ts";
import { formatCountExact, formatDuration } from "./format-number.ts";
import { postmortemStateNames } from "./name-postmortem.ts";
import type { Answer } from "./sentence.ts";
import { figure, name, plural, sentence } from "./sentence.ts";

/** What was learned, and of what nobody has written yet? */
export function preparePostmortemsAnswer({
  counts,
  unwrittenCount,
  postmortems,
}: PostmortemList): Answer {
  const begun = counts.draft + counts.in_review;
  const open = postmortems.reduce((sum, { openItemCount }) => sum + openItemCount, 0);
  const detail =
    unwrittenCount === 0
      ? sentence`Every SEV-1 and SEV-2 incident that is over has one. ${itemsWords(open)}`
      : sentence`${figure(String(unwrittenCount))} SEV-1 or SEV-2 ${plural(unwrittenCount, "incident that is over has", "incidents that are over have")} none yet. ${itemsWords(open)}`;
  if (begun + counts.published === 0)
    return { health: null, headline: sentence`No postmortem has been written yet.`, detail };
  return {
    health: null,
    headline: sentence`${figure(String(counts.published))} ${plural(counts.published, "postmortem is", "postmortems are")} published, ${figure(String(begun))} ${plural(begun, "is", "are")} being written.`,
    detail,
  };
}

const itemsWords = (open: number) =>
  open === 0
    ? "Nothing of them is left to be done."
    : `${open} action ${plural(open, "item")} of them ${plural(open, "is", "are")} open.`;

/** What happened, for how long, to how many; and what is missing to publish it. */
export function preparePostmortemAnswer(postmortem: Postmortem): Answer {
  const { incident, impact, blockers, state, isFrozen, edition } = postmortem;
  const model = incident.model === null ? name("An incident") : name(incident.model);
  const lasted =
    impact.durationMs === null
      ? sentence`for a time that nobody knows`
      : sentence`for ${figure(formatDuration(impact.durationMs))}`;
  const reached =
    impact.predictionCount === null
      ? sentence`how many predictions it reached is not known`
      : sentence`${figure(formatCountExact(impact.predictionCount))} ${plural(impact.predictionCount, "prediction was", "predictions were")} affected`;
  const detected =
    incident.impactStartedAt === null
      ? ""
      : ` Detected ${formatDuration(Date.parse(incident.detectedAt) - Date.parse(incident.impactStartedAt))} after it began.`;
  const where = isFrozen
    ? `As it was published, edition ${edition}.`
    : `${postmortemStateNames[state]}. ${missingWords(blockers.length)}`;
  return {
    health: null,
    headline: sentence`${model} was hit ${lasted}; ${reached}.`,
    detail: sentence`${postmortem.title}.${detected} ${where}`,
  };
}

const missingWords = (count: number) =>
  count === 0
    ? "Nothing is missing to publish it."
    : `${count} ${plural(count, "thing is", "things are")} missing to publish it.`;

/** What does a postmortem of this workspace begin with? */
export function prepareTemplateAnswer({
  sections,
  version,
  updatedBy,
}: PostmortemTemplate): Answer {
  const required = sections.filter(({ isRequired }) => isRequired).length;
  const whose =
    version === 0 ? "It is the product's own." : `Version ${version}, by ${updatedBy ?? "nobody"}.`;
  return {
    health: null,
    headline: sentence`A postmortem begins with ${figure(String(sections.length))} sections, ${figure(String(required))} of them required.`,
    detail: sentence`${whose} A change reaches those that are begun afterwards: each keeps the sections that it began with.`,
  };
}
