"use client";

import { useQuery } from "@tanstack/react-query";
import { reproductionQuery } from "#lib/api/incident.ts";
import { sayReproduction } from "#lib/charts/say-reproduction.ts";
import { sayFailure } from "../request/query-view.tsx";
import { Button } from "../ui/button.tsx";
import { TimeText } from "../ui/time-text.tsx";

export interface ReproductionCheckProps {
  workspace: string;
  number: number;
  alertId: string;
  unit: string | null;
}

/** Computes what was frozen once more from what is stored now, when somebody asks. */
export function ReproductionCheck({ workspace, number, alertId, unit }: ReproductionCheckProps) {
  const query = useQuery(reproductionQuery(workspace, number, alertId));
  const failure = sayFailure(query.error);
  return (
    <div className="flex flex-wrap items-center gap-x-3 gap-y-1 text-sm">
      <Button size="sm" disabled={query.isFetching} onClick={() => void query.refetch()}>
        {query.isFetching ? "Computing…" : "Does it still reproduce?"}
      </Button>
      <p role="status" className="min-w-0 text-pretty">
        {query.data !== undefined && (
          <>
            {sayReproduction(query.data, unit)}{" "}
            <span className="text-ink-3 text-xs">
              <TimeText iso={query.data.checkedAt} />
            </span>
          </>
        )}
      </p>
      {failure !== null && (
        <p role="alert" className="text-breach">
          {failure}
        </p>
      )}
    </div>
  );
}
