import type { NamedActionItem } from "#db/postgres/queries/action-item.ts";

/** What a postmortem says of an action item. */
export function toPostmortemItem({ item, userName, teamName }: NamedActionItem) {
  const { number, title, kind, priority, state, dueOn, trackerUrl, acceptance, testResult } = item;
  return {
    number,
    title,
    kind,
    priority,
    state,
    owner: userName ?? teamName,
    dueOn,
    trackerUrl,
    hasTest: acceptance !== null,
    testResult,
  };
}
