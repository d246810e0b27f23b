"use client";

import { ArrowLeft, ArrowRight } from "lucide-react";
import Link from "next/link";
import type { ActionItem } from "#lib/api/action-item.ts";
import {
  actionItemKindNames,
  actionItemStateNames,
  priorityNames,
} from "#lib/charts/name-action-item.ts";
import type { ActionItemState } from "#lib/domain/action-item.ts";
import { paths } from "../shell/paths.ts";
import { Button } from "../ui/button.tsx";
import { DueText } from "./due-text.tsx";
import { TestMark } from "./test-mark.tsx";

/** One item on the board. The arrows of the keyboard move it while its title has the focus. */
export function ItemCard({
  workspace,
  item,
  before,
  after,
  isBusy,
  onMove,
}: {
  workspace: string;
  item: ActionItem;
  before: ActionItemState | undefined;
  after: ActionItemState | undefined;
  isBusy: boolean;
  onMove: (to: ActionItemState) => void;
}) {
  return (
    <li className="rounded-md border bg-raised px-3 py-2 text-sm">
      <Link
        href={paths.actionItem(workspace, item.number)}
        prefetch={false}
        data-row-link
        className="block font-medium hover:text-accent"
        onKeyDown={(event) => {
          const to = { ArrowLeft: before, ArrowRight: after }[event.key];
          if (to === undefined || isBusy) return;
          event.preventDefault();
          onMove(to);
        }}
      >
        <span className="tabular text-ink-3">A-{item.number}</span> {item.title}
      </Link>
      <p className="mt-1 flex flex-wrap gap-x-2 text-ink-2 text-xs">
        <span>{priorityNames[item.priority]}</span>
        <span>{actionItemKindNames[item.kind]}</span>
        <span className={item.owner === null ? "text-breach" : ""}>
          {item.owner?.name ?? "no owner"}
        </span>
        <DueText item={item} />
        {item.incident !== null && <span>#{item.incident}</span>}
      </p>
      <div className="mt-1 flex items-center gap-1">
        <TestMark item={item} />
        <span className="ml-auto flex gap-0.5">
          <MoveButton item={item} to={before} isBusy={isBusy} onMove={onMove} />
          <MoveButton item={item} to={after} isBusy={isBusy} onMove={onMove} isForward />
        </span>
      </div>
    </li>
  );
}

function MoveButton({
  item,
  to,
  isBusy,
  isForward = false,
  onMove,
}: {
  item: ActionItem;
  to: ActionItemState | undefined;
  isBusy: boolean;
  isForward?: boolean;
  onMove: (to: ActionItemState) => void;
}) {
  if (to === undefined) return null;
  const Arrow = isForward ? ArrowRight : ArrowLeft;
  return (
    <Button
      kind="quiet"
      size="iconSm"
      disabled={isBusy}
      aria-label={`Move A-${item.number} to ${actionItemStateNames[to]}`}
      onClick={() => onMove(to)}
    >
      <Arrow size={14} aria-hidden />
    </Button>
  );
}
