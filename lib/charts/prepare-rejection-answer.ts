import type { RejectionList } from "#lib/api/rejection.ts";
import { formatCount } from "./format-number.ts";
import type { Answer } from "./sentence.ts";
import { figure, name, plural, sentence } from "./sentence.ts";

/** Which rows were refused at the door, and why? */
export function prepareRejectionAnswer(
  list: RejectionList,
  rangeText: string,
  code: string | undefined,
): Answer {
  const counts =
    code === undefined ? list.counts : list.counts.filter((each) => each.code === code);
  const total = counts.reduce((sum, { rowCount }) => sum + rowCount, 0);
  const worst = counts[0];
  if (worst === undefined || total === 0)
    return {
      health: null,
      headline: sentence`No rows were refused ${rangeText}.`,
      detail: sentence`Each row is judged by itself: good ones are kept when others are bad.`,
    };
  const why =
    counts.length === 1
      ? sentence`, all as ${name(worst.code)}`
      : sentence`, most as ${name(worst.code)} (${figure(formatCount(worst.rowCount))})`;
  return {
    health: null,
    headline: sentence`At least ${figure(`${formatCount(total)} ${plural(total, "row")}`)} ${plural(total, "was", "were")} refused ${rangeText}${why}.`,
    detail: sentence`They were not stored as predictions; the newest are below as they came. Of a flood only some are kept and counted.`,
  };
}
