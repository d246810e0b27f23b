import type { Causes } from "#lib/api/cause.ts";
import { formatShare } from "./format-number.ts";
import { formatInstant } from "./format-time.ts";
import { subjectLabel } from "./name-statistic.ts";
import type { Sentence } from "./sentence.ts";
import { figure, name, sentence } from "./sentence.ts";

export interface CauseAnswer {
  headline: Sentence;
  /** What else is known: how exactly it is dated, what remains, the other candidates. */
  details: readonly Sentence[];
  pairs: readonly { from: string; to: string }[];
}

/** What explains the drift of one feature; null where there is nothing to explain. */
export function prepareCauseAnswer(answer: Causes, zone: string): CauseAnswer | null {
  if (answer.verdict === "no_move" || answer.verdict === "cannot_say") return null;
  const label = name(subjectLabel(answer.subject, answer.feature));
  const since =
    answer.since === null
      ? sentence``
      : sentence` since ${figure(formatInstant(Date.parse(answer.since.at), zone))}`;
  const [first, ...others] = answer.causes;
  if (first === undefined)
    return {
      headline: sentence`No simple fault explains how ${label} moved${since}.`,
      details: [
        sentence`Looked for: another unit, an offset, a flipped sign, cut-off or rounded values, a default value, missing values, repeated rows, another time zone, other names.`,
      ],
      pairs: [],
    };
  const isCounted = first.kind === "null_flood" || first.quality <= 0;
  const quality = isCounted
    ? sentence``
    : sentence`; undoing it removes ${figure(formatShare(first.quality))} of the distance`;
  const remains = first.residual.isWithinNoise
    ? sentence`What remains is within noise.`
    : sentence`What remains is more than noise: the column moved otherwise too.`;
  return {
    headline: sentence`${label} ${first.phrase}${since}${quality}.`,
    details: [
      ...(isCounted ? [] : [remains]),
      ...others.map((other) => sentence`Also possible: it ${other.phrase}.`),
    ],
    pairs: first.pairs,
  };
}
