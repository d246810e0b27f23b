"use client";

import Link from "next/link";
import type { RunListState } from "#lib/api/action.ts";
import { QueryView } from "../request/query-view.tsx";
import { paths } from "../shell/paths.ts";
import { useUrlState } from "../shell/use-url-state.ts";
import { Button } from "../ui/button.tsx";
import { Select } from "../ui/select.tsx";
import { SkeletonTable } from "../ui/skeleton.tsx";
import { RunCard } from "./run-card.tsx";
import { useRuns } from "./use-runs.ts";

const states: readonly { value: RunListState; label: string }[] = [
  { value: "all", label: "All" },
  { value: "open", label: "Under way" },
  { value: "waiting", label: "Waiting for approval" },
  { value: "unknown", label: "Outcome unknown" },
  { value: "failed", label: "Not done" },
];

/** Every run of every action, newest first; what is chosen stands in the address. */
export function RunLog({ workspace }: { workspace: string }) {
  const { get, set } = useUrlState();
  const state = states.find(({ value }) => value === get("state"))?.value ?? "all";
  const action = get("action");
  const before = Number(get("before") ?? Number.NaN);
  const query = useRuns(workspace, {
    state,
    ...(action === undefined ? {} : { action }),
    ...(Number.isSafeInteger(before) ? { before } : {}),
  });
  return (
    <section aria-label="Runs" className="flex min-w-0 flex-col gap-3">
      <div className="flex flex-wrap items-center gap-2">
        <Select
          label="Which runs"
          value={state}
          options={states}
          onChange={(value) => set({ state: value === "all" ? null : value, before: null })}
        />
        {action !== undefined && (
          <Button size="sm" kind="quiet" onClick={() => set({ action: null, before: null })}>
            Only {action}: show all
          </Button>
        )}
      </div>
      <QueryView query={query} what="The runs" skeleton={<SkeletonTable rows={4} />}>
        {({ runs, next }) =>
          runs.length === 0 ? (
            <p className="text-ink-2 text-sm">
              {state === "all" ? "No action has run yet." : "No run is in this state."}
            </p>
          ) : (
            <>
              <ul className="flex flex-col">
                {runs.map((run) => (
                  <li key={run.id} className="border-b py-3 first:pt-0 last:border-b-0">
                    <RunCard workspace={workspace} run={run} />
                    {run.incident !== null && (
                      <Link
                        href={paths.incident(workspace, run.incident)}
                        prefetch={false}
                        className="text-accent text-xs hover:underline"
                      >
                        Incident #{run.incident}
                      </Link>
                    )}
                  </li>
                ))}
              </ul>
              {next !== null && (
                <Button className="self-start" onClick={() => set({ before: String(next) })}>
                  Older runs
                </Button>
              )}
            </>
          )
        }
      </QueryView>
    </section>
  );
}
