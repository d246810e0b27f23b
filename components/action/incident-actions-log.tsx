"use client";

import { useQuery } from "@tanstack/react-query";
import { Play } from "lucide-react";
import Link from "next/link";
import { useState } from "react";
import type { Action } from "#lib/api/action.ts";
import { actionListQuery } from "#lib/api/action.ts";
import { isRunOver } from "#lib/charts/name-action.ts";
import { QueryView } from "../request/query-view.tsx";
import { paths } from "../shell/paths.ts";
import { Button } from "../ui/button.tsx";
import { Menu } from "../ui/menu.tsx";
import { SkeletonTable } from "../ui/skeleton.tsx";
import { RequestDialog } from "./request-dialog.tsx";
import { RunCard } from "./run-card.tsx";
import { useRuns } from "./use-runs.ts";

/** What was called about an incident, and what can be: part of its page. */
export function IncidentActionsLog({
  workspace,
  incident,
  isOpen,
}: {
  workspace: string;
  incident: number;
  /** Of one that is over nothing is asked for. */
  isOpen: boolean;
}) {
  const actions = useQuery(actionListQuery(workspace));
  const runs = useRuns(workspace, { incident });
  const [asked, setAsked] = useState<Action | null>(null);
  const enabled = (actions.data?.actions ?? []).filter(({ isEnabled }) => isEnabled);
  const isBusy = ({ slug }: Action) =>
    runs.data?.runs.some((run) => run.action === slug && !isRunOver(run)) === true;
  return (
    <section id="actions" aria-label="Actions" className="flex min-w-0 flex-col gap-3">
      <div className="flex items-center gap-3">
        <h2 className="font-semibold text-base">Actions</h2>
        {isOpen && enabled.length > 0 && (
          <span className="ml-auto">
            <Menu
              align="end"
              trigger={
                <Button className="max-sm:h-11">
                  <Play size={14} aria-hidden />
                  Run an action
                </Button>
              }
              entries={enabled.map((action) => ({
                kind: "item" as const,
                text: isBusy(action) ? `${action.name} (under way)` : action.name,
                onSelect: () => setAsked(action),
              }))}
            />
          </span>
        )}
      </div>
      <QueryView query={runs} what="The actions" skeleton={<SkeletonTable rows={2} />}>
        {(found) =>
          found.runs.length === 0 ? (
            <p className="text-ink-2 text-sm">
              Nothing was called for this incident.
              {actions.data !== undefined && enabled.length === 0 && (
                <>
                  {" "}
                  An action retrains, rolls back or shifts traffic by a signed call.{" "}
                  <Link href={paths.actions(workspace)} className="text-accent underline">
                    Add one in the settings
                  </Link>
                  .
                </>
              )}
            </p>
          ) : (
            <ul className="flex flex-col">
              {found.runs.map((run) => (
                <li key={run.id} className="border-b py-3 first:pt-0 last:border-b-0">
                  <RunCard workspace={workspace} run={run} />
                </li>
              ))}
            </ul>
          )
        }
      </QueryView>
      {asked !== null && (
        <RequestDialog
          workspace={workspace}
          incident={incident}
          action={asked}
          onClose={() => setAsked(null)}
        />
      )}
    </section>
  );
}
