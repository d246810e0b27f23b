"use client";

import { ReasonDialog } from "../incident/reason-dialog.tsx";
import type { useMoveItem } from "./use-move-item.ts";

/** Asks why an item will not be done, or is done though its test does not pass. */
export function MoveReasonDialog({ move }: { move: ReturnType<typeof useMoveItem> }) {
  const { asked, close, answer, isBusy, failure } = move;
  if (asked === null) return null;
  const isDone = asked.to === "done";
  return (
    <ReasonDialog
      title={isDone ? "Done all the same" : "Will not do"}
      description={asked.why}
      label="Why"
      isDue
      isBusy={isBusy}
      failure={isDone ? null : failure}
      onClose={close}
      onDone={answer}
    />
  );
}
