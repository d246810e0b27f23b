"use client";

import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { Plus } from "lucide-react";
import Link from "next/link";
import { addReadyRunbooks, runbookListQuery } from "#lib/api/runbook.ts";
import { prepareRunbooksAnswer } from "#lib/charts/prepare-runbook-answer.ts";
import { plural } from "#lib/charts/sentence.ts";
import { AsOf } from "../request/as-of.tsx";
import { QueryView, sayFailure } from "../request/query-view.tsx";
import { PageBody, PageHeader } from "../shell/page-header.tsx";
import { paths } from "../shell/paths.ts";
import { useUrlState } from "../shell/use-url-state.ts";
import { Button, buttonClass } from "../ui/button.tsx";
import { EmptyState } from "../ui/empty-state.tsx";
import { Segmented } from "../ui/segmented.tsx";
import { SkeletonTable } from "../ui/skeleton.tsx";
import { RunbookTable } from "./runbook-table.tsx";

const refetchMs = 60_000;

/** What is to be done when something breaks, and is it still true? */
export function RunbooksPage({ workspace }: { workspace: string }) {
  const { get, set } = useUrlState();
  const state = get("state") === "archived" ? "archived" : "current";
  const current = useQuery({
    ...runbookListQuery(workspace, "current"),
    refetchInterval: refetchMs,
  });
  const archived = useQuery({
    ...runbookListQuery(workspace, "archived"),
    enabled: state === "archived",
  });
  const query = state === "current" ? current : archived;
  return (
    <>
      <PageHeader
        crumbs={[{ label: "Runbooks", href: null }]}
        asOf={<AsOf query={query} />}
        isFailed={current.isError}
        answer={current.data ? prepareRunbooksAnswer(current.data.runbooks) : null}
        controls={
          <>
            <Segmented
              label="Which runbooks"
              value={state}
              options={[
                { value: "current", label: "Current" },
                { value: "archived", label: "Archived" },
              ]}
              onChange={(value) => set({ state: value === "current" ? null : value }, "replace")}
            />
            <Link
              href={paths.newRunbook(workspace)}
              prefetch={false}
              className={buttonClass({ kind: "primary" })}
            >
              <Plus size={14} aria-hidden />
              Write a runbook
            </Link>
          </>
        }
      />
      <PageBody>
        <QueryView query={query} what="The runbooks" skeleton={<SkeletonTable rows={8} />}>
          {({ runbooks, readyCount }) => (
            <>
              {state === "current" && readyCount > 0 && (
                <ReadyNotice workspace={workspace} readyCount={readyCount} />
              )}
              {runbooks.length > 0 && <RunbookTable workspace={workspace} runbooks={runbooks} />}
              {runbooks.length === 0 && state === "archived" && (
                <EmptyState title="None is archived">
                  What is archived is attached to nothing, keeps its history, and can be taken back.
                </EmptyState>
              )}
              {runbooks.length === 0 && state === "current" && readyCount === 0 && (
                <EmptyState title="No runbook is current">
                  All of them are archived. Take one back, or write a new one.
                </EmptyState>
              )}
            </>
          )}
        </QueryView>
      </PageBody>
    </>
  );
}

function ReadyNotice({ workspace, readyCount }: { workspace: string; readyCount: number }) {
  const client = useQueryClient();
  const add = useMutation({
    mutationFn: () => addReadyRunbooks(workspace),
    onSuccess: () => client.invalidateQueries({ queryKey: ["runbook", workspace] }),
  });
  const failure = sayFailure(add.error);
  return (
    <EmptyState
      title={`${readyCount} ready ${plural(readyCount, "runbook")} can be added`}
      action={
        <>
          <Button kind="primary" disabled={add.isPending} onClick={() => add.mutate()}>
            Add the ready runbooks
          </Button>
          {failure !== null && (
            <p role="alert" className="text-breach text-sm">
              {failure}
            </p>
          )}
        </>
      }
    >
      For drift, skew, stale and missing features, schema changes, volume, calibration, performance,
      latency and bad releases: each confirms by figures before it acts. They are yours to change.
    </EmptyState>
  );
}
