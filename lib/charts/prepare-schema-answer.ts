import type { Model } from "#lib/api/model.ts";
import { formatCount } from "./format-number.ts";
import type { Answer } from "./sentence.ts";
import { figure, listNames, name, plural, sentence } from "./sentence.ts";

/** What does this model take in, and who says so? */
export function prepareSchemaAnswer(model: Model): Answer {
  const inferred = model.features.filter(({ provenance }) => provenance === "inferred");
  const total = model.features.length;
  const task = model.task === null ? "an unknown task" : `a ${model.task} model`;
  if (total === 0)
    return {
      health: null,
      headline: sentence`${name(model.name)} has sent no features yet.`,
      detail: sentence`They register themselves with the first row.`,
    };
  const count = figure(`${formatCount(total)} ${plural(total, "feature")}`);
  if (inferred.length === 0)
    return {
      health: null,
      headline: sentence`${name(model.name)} is ${task} with ${count}; every type is declared or confirmed.`,
      detail: sentence`A value of another type is counted as a violation and kept as it came.`,
    };
  return {
    health: null,
    headline: sentence`${name(model.name)} is ${task} with ${count}; ${figure(`${formatCount(inferred.length)} ${plural(inferred.length, "type")}`)} ${plural(inferred.length, "was", "were")} inferred and ${plural(inferred.length, "waits", "wait")} for a person.`,
    detail: sentence`Accept or change ${listNames(inferred.map((each) => each.name))}: 0 and 1 can be numbers or classes, and only a person knows.`,
  };
}
