import type { Action, ActionRun } from "#lib/api/action.ts";
import type { Reaction } from "#lib/api/reaction.ts";
import type { Answer } from "./sentence.ts";
import { figure, plural, sentence } from "./sentence.ts";

/** What can be called, and does anything wait for a person? */
export function prepareActionAnswer(
  actions: readonly Action[],
  open: readonly ActionRun[],
): Answer {
  const unknown = open.filter(({ state }) => state === "outcome_unknown").length;
  const waiting = open.filter(({ state }) => state === "waiting_for_approval").length;
  const detail = sentence`An action is a signed call about an incident. It is sent once, under a key of its own; where nobody knows how it went, a person says.`;
  if (unknown > 0)
    return {
      health: "unknown",
      headline: sentence`Of ${figure(`${unknown} ${plural(unknown, "run")}`)} nobody knows whether ${plural(unknown, "it was", "they were")} done: look at the endpoint, then say so.`,
      detail,
    };
  if (waiting > 0)
    return {
      health: "watch",
      headline: sentence`${figure(`${waiting} ${plural(waiting, "run")}`)} ${plural(waiting, "waits", "wait")} for approval.`,
      detail,
    };
  const count = actions.filter(({ isEnabled }) => isEnabled).length;
  return {
    health: null,
    headline:
      actions.length === 0
        ? sentence`Nothing can be called about an incident yet.`
        : sentence`${figure(`${count} ${plural(count, "action")}`)} can be called; nothing waits for a person.`,
    detail,
  };
}

/** What calls actions by itself? */
export function prepareReactionAnswer(reactions: readonly Reaction[]): Answer {
  const on = reactions.filter(({ isEnabled }) => isEnabled);
  const dry = on.filter(({ definition }) => definition.isDryRun).length;
  return {
    health: null,
    headline:
      on.length === 0
        ? sentence`Nothing is called by itself: people ask for actions.`
        : sentence`${figure(`${on.length} ${plural(on.length, "reaction")}`)} ${plural(on.length, "is", "are")} on${dry === 0 ? "" : `, ${dry} of them dry`}.`,
    detail: sentence`A reaction calls an action when an incident comes to a state, once, within its guards. What the action itself asks for still holds: its checks and its approval.`,
  };
}
