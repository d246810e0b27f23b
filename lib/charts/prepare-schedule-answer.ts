import type { ScheduleDetail, ScheduleSummary } from "#lib/api/schedule.ts";
import { formatRelative } from "./format-time.ts";
import type { Answer } from "./sentence.ts";
import { figure, listNames, name, plural, sentence } from "./sentence.ts";

/** Who is on call? */
export function prepareSchedulesAnswer(
  schedules: readonly ScheduleSummary[],
  nowMs: number,
): Answer {
  const [first] = schedules;
  if (first === undefined)
    return {
      health: null,
      headline: sentence`There is no schedule, so nobody is on call by turns.`,
      detail: sentence`Make one and name it in an escalation policy; until then policies page the people that they name.`,
    };
  const gone = schedules.filter(({ onCall }) => !onCall.isMember);
  if (gone.length > 0)
    return {
      health: "breach",
      headline: sentence`${listNames(gone.map((one) => one.name))} ${plural(gone.length, "has", "have")} somebody on call who left the workspace.`,
      detail: sentence`Nobody is reached by ${plural(gone.length, "it", "them")}: change the turns, or have somebody stand in.`,
    };
  const next = schedules
    .flatMap((one) => (one.next === null ? [] : [{ ...one.next, schedule: one.name }]))
    .toSorted((a, b) => a.from.localeCompare(b.from))[0];
  return {
    health: null,
    headline:
      schedules.length === 1
        ? sentence`${first.onCall.name} is on call for ${name(first.name)}.`
        : sentence`${figure(`${schedules.length} schedules`)} have somebody on call now.`,
    detail:
      next === undefined
        ? sentence`Nobody takes over within two weeks.`
        : sentence`Next, ${next.name} takes over ${name(next.schedule)} ${formatRelative(Date.parse(next.from), nowMs)}.`,
  };
}

/** Who has it now, and who is next? */
export function prepareScheduleAnswer(schedule: ScheduleDetail, nowMs: number): Answer {
  const { onCall, next, timeZone } = schedule;
  const how = onCall.layer === null ? "standing in" : `by ${onCall.layer}`;
  return {
    health: onCall.isMember ? null : "breach",
    headline: onCall.isMember
      ? sentence`${onCall.name} is on call, ${how}; the turn ends ${formatRelative(Date.parse(onCall.until), nowMs)}.`
      : sentence`${onCall.name} is on call but left the workspace: nobody is reached.`,
    detail:
      next === null
        ? sentence`Nobody takes over within two weeks. Turns change by the clock of ${timeZone}.`
        : sentence`Then ${next.name}. Turns change by the clock of ${timeZone}, in summer and in winter.`,
  };
}
