import type { ActionItem } from "#lib/api/action-item.ts";

/** "due in 3 days", and marked when it is over. */
export function DueText({ item: { due, isOverdue } }: { item: ActionItem }) {
  if (due === null) return null;
  return (
    <span className={isOverdue ? "whitespace-nowrap font-medium text-watch" : "whitespace-nowrap"}>
      {due}
    </span>
  );
}
