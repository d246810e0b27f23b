import type {
  AcceptanceResult,
  ActionItemKind,
  ActionItemState,
  Priority,
} from "#lib/domain/action-item.ts";

export const actionItemStateNames: Record<ActionItemState, string> = {
  open: "Open",
  in_progress: "In progress",
  done: "Done",
  wont_do: "Will not do",
};

export const actionItemKindNames: Record<ActionItemKind, string> = {
  detect: "Detect",
  prevent: "Prevent",
  mitigate: "Mitigate",
  repair: "Repair",
};

export const priorityNames: Record<Priority, string> = { p0: "P0", p1: "P1", p2: "P2", p3: "P3" };

export const testVerdictNames: Record<AcceptanceResult["verdict"], string> = {
  passed: "Test passes",
  failed: "Test fails",
  cannot_say: "Test cannot say",
};
