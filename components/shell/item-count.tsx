"use client";

import { useQuery } from "@tanstack/react-query";
import { clsx } from "clsx";
import { actionItemListQuery } from "#lib/api/action-item.ts";
import { plural } from "#lib/charts/sentence.ts";

const refetchMs = 60_000;

/** How many action items are open, marked where some are overdue; nothing where none is. */
export function ItemCount({ workspace, isNarrow }: { workspace: string; isNarrow: boolean }) {
  const query = useQuery({
    ...actionItemListQuery(workspace, { overdue: "true" }),
    refetchInterval: refetchMs,
  });
  const { open = 0, overdue = 0 } = query.data?.counts ?? {};
  if (open === 0) return null;
  const shown = overdue > 0 ? overdue : open;
  return (
    <span
      className={clsx(
        "tabular rounded-sm px-1.5 font-medium text-2xs",
        overdue > 0 ? "bg-watch-soft text-watch" : "bg-unknown-soft text-ink-2",
        isNarrow ? "absolute top-0 right-0 px-1" : "ml-auto",
      )}
    >
      {shown}
      <span className="sr-only">
        {" "}
        action {plural(shown, "item is", "items are")} {overdue > 0 ? "overdue" : "open"}
      </span>
    </span>
  );
}
