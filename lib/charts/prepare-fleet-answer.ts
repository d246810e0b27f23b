import type { Fleet } from "#lib/api/fleet.ts";
import { formatChange, formatCount } from "./format-number.ts";
import type { Answer } from "./sentence.ts";
import { figure, listNames, name, plural, sentence } from "./sentence.ts";

/** Which of my models needs me now? */
export function prepareFleetAnswer(fleet: Fleet, rangeText: string, beforeText: string): Answer {
  const { models } = fleet;
  if (models.length === 0)
    return {
      health: "unknown",
      headline: sentence`No model has sent a row yet.`,
      detail: sentence`Five lines of code send the first one; it shows here within seconds.`,
    };
  const of = (health: string) => models.filter((model) => model.health === health);
  const [breach, watch, unknown] = [of("breach"), of("watch"), of("unknown")];
  const rowCount = models.reduce((sum, model) => sum + model.rowCount, 0);
  const previous = models.reduce((sum, model) => sum + model.previousRowCount, 0);
  const rows = sentence`${figure(`${formatCount(rowCount)} ${plural(rowCount, "row")}`)} ${rangeText} (${formatChange(rowCount, previous)} against ${beforeText})`;
  const blind =
    unknown.length === 0
      ? sentence``
      : sentence`; ${figure(String(unknown.length))} cannot be judged: ${listNames(unknown.map((each) => each.name))}`;
  const total = `${models.length} ${plural(models.length, "model")}`;

  const needing = [...breach, ...watch];
  const worst = needing[0];
  if (worst !== undefined) {
    const verb = needing.length === 1 ? "needs" : "need";
    const reason = worst.reasons[0];
    const why = reason === undefined ? sentence`` : sentence`${capitalise(reason)}. `;
    return {
      health: breach.length > 0 ? "breach" : "watch",
      headline:
        models.length === 1
          ? sentence`${name(worst.name)} needs you.`
          : sentence`${figure(`${needing.length} of ${total}`)} ${verb} you${needing.length === 1 ? ": " : ", first of all "}${name(worst.name)}.`,
      detail: sentence`${why}${rows}${blind}.`,
    };
  }
  if (unknown.length === models.length) {
    const reason = unknown[0]?.reasons[0];
    return {
      health: "unknown",
      headline: sentence`${models.length === 1 ? "The one model" : `None of ${total}`} can${models.length === 1 ? "not" : ""} be judged yet${reason === undefined ? "" : `: ${reason}`}.`,
      detail: sentence`${rows}.`,
    };
  }
  const healthy = models.length - unknown.length;
  return {
    health: "healthy",
    headline:
      unknown.length === 0
        ? sentence`${models.length === 1 ? "The one model" : `All ${total}`} ${plural(models.length, "is", "are")} healthy.`
        : sentence`${figure(`${healthy} of ${total}`)} ${plural(healthy, "is", "are")} healthy, and none needs you.`,
    detail: sentence`${rows}${blind}.`,
  };
}

const capitalise = (text: string): string => text.slice(0, 1).toUpperCase() + text.slice(1);
