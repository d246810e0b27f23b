import type { Answer } from "./sentence.ts";
import { name, sentence } from "./sentence.ts";

/** What is being built, and what it shows before it is saved. */
export function prepareBuilderAnswer(
  model: string | undefined,
  monitor: string | undefined,
): Answer {
  return {
    health: null,
    headline:
      monitor === undefined
        ? sentence`A question that is asked of ${model === undefined ? "a model" : name(model)} on a schedule.`
        : sentence`What ${name(monitor)} asks.`,
    detail: sentence`Beside it stands when it would have fired over the history that is stored, before anything is saved.`,
  };
}
