"use client";

import { useQuery } from "@tanstack/react-query";
import { Play } from "lucide-react";
import Link from "next/link";
import { useState } from "react";
import { actionListQuery } from "#lib/api/action.ts";
import { isRunOver } from "#lib/charts/name-action.ts";
import { QueryView } from "../request/query-view.tsx";
import { paths } from "../shell/paths.ts";
import { Button } from "../ui/button.tsx";
import { Skeleton } from "../ui/skeleton.tsx";
import { RequestDialog } from "./request-dialog.tsx";
import { RunCard } from "./run-card.tsx";
import { useRuns } from "./use-runs.ts";

export interface ActionStepProps {
  workspace: string;
  incident: number;
  /** Whose runs these are: at most 128 characters. */
  stepId: string;
  actionSlug: string;
}

/** The step of a runbook that calls an action: asked for, approved, watched and, where nobody knows how it went, settled. */
export function ActionStep({ workspace, incident, stepId, actionSlug }: ActionStepProps) {
  const actions = useQuery(actionListQuery(workspace));
  const runs = useRuns(workspace, { incident, stepId, action: actionSlug });
  const [isAsking, setIsAsking] = useState(false);
  const [newest, ...older] = runs.data?.runs ?? [];
  return (
    <QueryView query={actions} what="The action" skeleton={<Skeleton className="h-9 w-48" />}>
      {(found) => {
        const action = found.actions.find(({ slug }) => slug === actionSlug);
        if (action === undefined)
          return (
            <p className="text-sm text-watch">
              There is no action <code className="font-mono text-xs">{actionSlug}</code> here.{" "}
              <Link href={paths.actions(workspace)} className="text-accent underline">
                Add it in the settings
              </Link>
              .
            </p>
          );
        const canAsk = newest === undefined || isRunOver(newest);
        return (
          <div className="flex min-w-0 flex-col gap-3">
            {newest !== undefined && <RunCard workspace={workspace} run={newest} />}
            {canAsk && (
              <div className="flex flex-wrap items-center gap-3">
                <Button
                  kind={newest === undefined ? "primary" : "plain"}
                  className="max-sm:h-11"
                  disabled={!action.isEnabled || runs.data === undefined}
                  onClick={() => setIsAsking(true)}
                >
                  <Play size={14} aria-hidden />
                  {newest === undefined ? action.name : `${action.name} again`}
                </Button>
                {!action.isEnabled && (
                  <span className="text-ink-2 text-sm">It is switched off.</span>
                )}
              </div>
            )}
            {older.length > 0 && (
              <details>
                <summary className="cursor-pointer text-ink-2 text-sm">
                  {older.length} before it
                </summary>
                <div className="mt-2 flex flex-col gap-3">
                  {older.map((run) => (
                    <RunCard key={run.id} workspace={workspace} run={run} />
                  ))}
                </div>
              </details>
            )}
            {isAsking && (
              <RequestDialog
                workspace={workspace}
                incident={incident}
                action={action}
                stepId={stepId}
                onClose={() => setIsAsking(false)}
              />
            )}
          </div>
        );
      }}
    </QueryView>
  );
}
