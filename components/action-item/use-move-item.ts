"use client";

import { useState } from "react";
import type { ActionItem } from "#lib/api/action-item.ts";
import { updateActionItem } from "#lib/api/action-item.ts";
import { RequestError } from "#lib/api/request.ts";
import type { ActionItemState } from "#lib/domain/action-item.ts";
import { useChange } from "../postmortem/use-postmortem.ts";
import { sayFailure } from "../request/query-view.tsx";

export interface ItemMove {
  item: ActionItem;
  to: ActionItemState;
}

/** Moves an item on; one that needs a reason asks for it first. */
export function useMoveItem(workspace: string) {
  const [asked, setAsked] = useState<(ItemMove & { why: string }) | null>(null);
  const moving = useChange(workspace, ({ item, to, reason }: ItemMove & { reason?: string }) =>
    updateActionItem(workspace, item.number, {
      revision: item.revision,
      state: to,
      ...(reason === undefined ? {} : { reason }),
    }),
  );
  const close = () => {
    setAsked(null);
    moving.reset();
  };
  const move = (next: ItemMove) => {
    moving.reset();
    if (next.to === next.item.state) return;
    if (next.to === "wont_do") setAsked({ ...next, why: "So that nobody waits for it." });
    else
      moving.mutate(next, {
        onError: (error) => {
          // Its test does not pass: it is done only if somebody says why.
          if (next.to === "done" && error instanceof RequestError && error.problem.status === 409)
            setAsked({ ...next, why: error.problem.detail });
        },
      });
  };
  return {
    move,
    asked,
    close,
    answer: (reason: string) => {
      if (asked !== null) moving.mutate({ ...asked, reason }, { onSuccess: close });
    },
    isBusy: moving.isPending,
    failure: sayFailure(moving.error),
  };
}
