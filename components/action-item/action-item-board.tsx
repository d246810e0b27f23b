"use client";

import type { ActionItem } from "#lib/api/action-item.ts";
import { actionItemStateNames } from "#lib/charts/name-action-item.ts";
import { actionItemStates } from "#lib/domain/action-item.ts";
import { ItemCard } from "./item-card.tsx";
import { MoveReasonDialog } from "./move-reason-dialog.tsx";
import { useMoveItem } from "./use-move-item.ts";

/** Items by how far they are, the most pressing first. */
export function ActionItemBoard({
  workspace,
  items,
}: {
  workspace: string;
  items: readonly ActionItem[];
}) {
  const move = useMoveItem(workspace);
  return (
    <>
      {move.failure !== null && move.asked === null && (
        <p role="alert" className="text-breach text-sm">
          {move.failure}
        </p>
      )}
      <div className="grid gap-4 sm:grid-cols-2 xl:grid-cols-4">
        {actionItemStates.map((state, index) => {
          const own = items.filter((item) => item.state === state);
          return (
            <section key={state} aria-label={actionItemStateNames[state]} className="min-w-0">
              <h2 className="flex items-baseline gap-2 font-medium text-sm">
                {actionItemStateNames[state]}
                <span className="tabular text-ink-3 text-xs">{own.length}</span>
              </h2>
              <ul className="mt-2 flex flex-col gap-2">
                {own.map((item) => (
                  <ItemCard
                    key={item.number}
                    workspace={workspace}
                    item={item}
                    before={actionItemStates[index - 1]}
                    after={actionItemStates[index + 1]}
                    isBusy={move.isBusy}
                    onMove={(to) => move.move({ item, to })}
                  />
                ))}
                {own.length === 0 && (
                  <li className="rounded-md border border-dashed px-3 py-3 text-ink-3 text-xs">
                    None
                  </li>
                )}
              </ul>
            </section>
          );
        })}
      </div>
      <MoveReasonDialog move={move} />
    </>
  );
}
