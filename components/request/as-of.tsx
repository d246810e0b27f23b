"use client";

import type { UseQueryResult } from "@tanstack/react-query";
import { clsx } from "clsx";
import { RefreshCw } from "lucide-react";
import { formatClockSeconds } from "#lib/charts/format-time.ts";
import { Button } from "../ui/button.tsx";
import { useZone } from "../ui/use-zone.ts";

/** How old the page's figures are, and a way to ask anew. */
export function AsOf({ query }: { query: UseQueryResult<unknown> }) {
  const zone = useZone();
  return (
    <Button
      kind="quiet"
      onClick={() => void query.refetch()}
      aria-label="Refresh"
      className="-mr-2 min-w-[118px] px-2 font-normal"
    >
      <RefreshCw
        size={13}
        aria-hidden
        className={clsx("text-ink-3", query.isFetching && "animate-spin")}
      />
      <span className={clsx("tabular text-xs", query.isError ? "text-breach" : "text-ink-3")}>
        {query.dataUpdatedAt === 0
          ? "loading"
          : `as of ${formatClockSeconds(query.dataUpdatedAt, zone)}`}
      </span>
    </Button>
  );
}
