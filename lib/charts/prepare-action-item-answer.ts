import type { ActionItem, ActionItemList } from "#lib/api/action-item.ts";
import { actionItemStateNames } from "./name-action-item.ts";
import type { Answer } from "./sentence.ts";
import { figure, plural, sentence } from "./sentence.ts";

/** What is left to be done, and who is behind with it? */
export function prepareActionItemsAnswer({ counts, owners }: ActionItemList): Answer {
  const { open, overdue, unowned, failing } = counts;
  const behind = owners.filter((one) => one.overdue > 0);
  const [first] = behind;
  const parts = [
    ...(first === undefined
      ? []
      : [
          `${first.owner ?? "Nobody"} ${first.owner === null ? "owns" : "has"} the most of them, ${first.overdue}.`,
        ]),
    unowned === 0 ? "Each has an owner." : `${unowned} ${plural(unowned, "has", "have")} no owner.`,
    ...(failing === 0
      ? []
      : [`The acceptance test of ${failing} ${plural(failing, "fails", "fail")}.`]),
  ];
  if (open === 0)
    return {
      health: null,
      headline: sentence`Nothing is left to be done.`,
      detail: sentence`${figure(String(counts.done))} ${plural(counts.done, "item is", "items are")} done. What an incident teaches is written down here, with an owner and a day.`,
    };
  return {
    health: null,
    headline: sentence`${figure(String(open))} action ${plural(open, "item is", "items are")} open, ${figure(String(overdue))} of them overdue.`,
    detail: sentence`${parts.join(" ")}`,
  };
}

/** What is to be done, by whom and until when; and does its test pass? */
export function prepareActionItemAnswer(item: ActionItem): Answer {
  const owner = item.owner === null ? "nobody owns it" : `${item.owner.name} has it`;
  const due = item.due === null ? "" : `, ${item.due}`;
  const reason = item.stateReason === "" ? "" : ` ${item.stateReason}.`;
  const test = testWords(item);
  return {
    health: null,
    headline: sentence`${item.title}`,
    detail: sentence`${actionItemStateNames[item.state]}: ${owner}${due}.${reason}${test}`,
  };
}

function testWords({ acceptance, testResult, isTestDue }: ActionItem): string {
  if (acceptance === null) return "";
  if (testResult === null) return " Its acceptance test has not run yet.";
  return ` ${testResult.sentence}${isTestDue ? " It is run again, because its monitor was changed." : ""}`;
}
