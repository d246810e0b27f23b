"use client";

import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { monitorCoverageQuery, watchModel } from "#lib/api/monitor.ts";
import { sayFailure } from "../request/query-view.tsx";
import { Button } from "../ui/button.tsx";
import { Select } from "../ui/select.tsx";

/** Watches one model with the default set. Without a name, the reader chooses among those that nobody watches. */
export function WatchModelButton({ workspace, model }: { workspace: string; model?: string }) {
  const client = useQueryClient();
  const coverage = useQuery(monitorCoverageQuery(workspace));
  const unwatched = coverage.data?.models.filter(({ monitorCount }) => monitorCount === 0) ?? [];
  const [picked, setPicked] = useState<string | null>(null);
  const chosen = model ?? picked ?? unwatched[0]?.model;
  const watching = useMutation({
    mutationFn: (name: string) => watchModel(workspace, name),
    onSuccess: () => client.invalidateQueries({ queryKey: ["monitor", workspace] }),
  });
  if (chosen === undefined) return null;
  return (
    <span className="inline-flex flex-wrap items-center gap-2">
      {model === undefined && unwatched.length > 1 && (
        <Select
          label="Model"
          value={chosen}
          options={unwatched.map((one) => ({ value: one.model, label: one.model }))}
          onChange={setPicked}
        />
      )}
      <Button
        kind={model === undefined ? "primary" : "plain"}
        size={model === undefined ? "md" : "sm"}
        disabled={watching.isPending}
        onClick={() => watching.mutate(chosen)}
      >
        {watching.isPending ? "Setting up…" : "Watch this model with the defaults"}
      </Button>
      {watching.isError && (
        <span role="alert" className="text-breach text-sm">
          {sayFailure(watching.error)}
        </span>
      )}
    </span>
  );
}
