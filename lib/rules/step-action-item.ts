import type { AcceptanceResult, ActionItemState } from "#lib/domain/action-item.ts";

export interface ActionItemFacts {
  state: ActionItemState;
  hasTest: boolean;
  /** Of its test as it was run for this change; null where it has none. */
  result: AcceptanceResult | null;
}

export type ActionItemStep =
  | { kind: "moved"; state: ActionItemState; stateReason: string; text: string }
  | { kind: "unchanged" }
  | { kind: "refused"; path: string; message: string };

const words: Record<ActionItemState, string> = {
  open: "opened it",
  in_progress: "began it",
  done: "called it done",
  wont_do: "will not do it",
};

/** From any state to any other. What will not be done says why; what has a test is done when the test passes, or when somebody says why
 *  it is done all the same. */
export function stepActionItem(
  { state, hasTest, result }: ActionItemFacts,
  { to, by, reason }: { to: ActionItemState; by: string; reason: string | null },
): ActionItemStep {
  if (to === state) return { kind: "unchanged" };
  const moved = (stateReason: string): ActionItemStep => ({
    kind: "moved",
    state: to,
    stateReason,
    text: `${by} ${words[to]}${stateReason === "" ? "" : `: ${stateReason}`}`,
  });
  switch (to) {
    case "open":
    case "in_progress":
      return moved("");
    case "wont_do":
      return reason === null
        ? { kind: "refused", path: "reason", message: "Say why it will not be done." }
        : moved(reason);
    case "done":
      if (!hasTest || result?.verdict === "passed") return moved("");
      if (reason !== null) return moved(reason);
      return {
        kind: "refused",
        path: "state",
        message: `It is done when its acceptance test passes. ${result?.sentence ?? ""} Give a reason to call it done all the same.`,
      };
  }
}

/** A done item whose test is lost is not done. That nobody can say any more takes nothing back, and neither does a test that failed
 *  when somebody called it done all the same. */
export function isReopenedBy(
  { state, before }: { state: ActionItemState; before: AcceptanceResult | null },
  result: AcceptanceResult,
): boolean {
  return state === "done" && result.verdict === "failed" && before?.verdict !== "failed";
}
