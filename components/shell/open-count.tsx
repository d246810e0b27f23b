"use client";

import { useQuery } from "@tanstack/react-query";
import { clsx } from "clsx";
import { incidentListQuery } from "#lib/api/incident.ts";
import { plural } from "#lib/charts/sentence.ts";

const refetchMs = 15_000;

/** How many incidents are open, beside the way to them; nothing where none is. */
export function OpenCount({ workspace, isNarrow }: { workspace: string; isNarrow: boolean }) {
  const query = useQuery({
    ...incidentListQuery(workspace, { state: "open", limit: 1 }),
    refetchInterval: refetchMs,
  });
  const open = query.data?.counts.open ?? 0;
  if (open === 0) return null;
  const hasTriggered = (query.data?.counts.triggered ?? 0) > 0;
  return (
    <span
      className={clsx(
        "tabular rounded-sm px-1.5 font-medium text-2xs",
        hasTriggered ? "bg-breach-soft text-breach" : "bg-unknown-soft text-ink-2",
        isNarrow ? "absolute top-0 right-0 px-1" : "ml-auto",
      )}
    >
      {open}
      <span className="sr-only"> {plural(open, "incident is", "incidents are")} open</span>
    </span>
  );
}
