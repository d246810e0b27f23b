"use client";

import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { Pencil } from "lucide-react";
import Link from "next/link";
import { useMemo } from "react";
import type { Runbook } from "#lib/api/runbook.ts";
import { archiveRunbook, runbookQuery } from "#lib/api/runbook.ts";
import { prepareRunbookAnswer } from "#lib/charts/prepare-runbook-answer.ts";
import { parseRunbook } from "#lib/rules/parse-runbook.ts";
import { AsOf } from "../request/as-of.tsx";
import { QueryView, sayFailure } from "../request/query-view.tsx";
import { PageBody, PageHeader } from "../shell/page-header.tsx";
import { paths } from "../shell/paths.ts";
import { Button, buttonClass } from "../ui/button.tsx";
import { Skeleton } from "../ui/skeleton.tsx";
import { TimeText } from "../ui/time-text.tsx";
import { ReviewMark } from "./runbook-table.tsx";
import { RunbookTabs } from "./runbook-tabs.tsx";
import { RunbookText } from "./runbook-text.tsx";

export function RunbookPage({ workspace, runbookId }: { workspace: string; runbookId: string }) {
  const query = useQuery(runbookQuery(workspace, runbookId));
  const body = query.data?.body;
  const parsed = useMemo(() => (body === undefined ? null : parseRunbook(body)), [body]);
  const title = query.data?.title ?? "Runbook";
  return (
    <>
      <PageHeader
        crumbs={[
          { label: "Runbooks", href: paths.runbooks(workspace) },
          { label: title, href: null },
        ]}
        asOf={<AsOf query={query} />}
        isFailed={query.isError}
        tabs={<RunbookTabs workspace={workspace} runbookId={runbookId} />}
        answer={query.data && parsed ? prepareRunbookAnswer(query.data, parsed.steps.length) : null}
        controls={
          query.data === undefined ? undefined : (
            <Controls workspace={workspace} runbook={query.data} />
          )
        }
      />
      <PageBody>
        <QueryView query={query} what="The runbook" skeleton={<Skeleton className="h-96" />}>
          {(runbook) => (
            <div className="grid gap-8 xl:grid-cols-[minmax(0,1fr)_300px]">
              {parsed !== null && <RunbookText runbook={parsed} />}
              <Facts runbook={runbook} />
            </div>
          )}
        </QueryView>
      </PageBody>
    </>
  );
}

function Controls({ workspace, runbook }: { workspace: string; runbook: Runbook }) {
  const client = useQueryClient();
  const { id, archivedAt } = runbook;
  const archive = useMutation({
    mutationFn: (isArchived: boolean) => archiveRunbook(workspace, id, isArchived),
    onSuccess: async (next) => {
      client.setQueryData(runbookQuery(workspace, id).queryKey, next);
      await client.invalidateQueries({ queryKey: ["runbook", workspace, "list"] });
    },
  });
  const failure = sayFailure(archive.error);
  return (
    <>
      {failure !== null && (
        <span role="alert" className="text-breach text-sm">
          {failure}
        </span>
      )}
      <Button disabled={archive.isPending} onClick={() => archive.mutate(archivedAt === null)}>
        {archivedAt === null ? "Archive" : "Take it back"}
      </Button>
      {archivedAt === null && (
        <Link
          href={paths.editRunbook(workspace, id)}
          prefetch={false}
          className={buttonClass({ kind: "primary" })}
        >
          <Pencil size={14} aria-hidden />
          Edit
        </Link>
      )}
    </>
  );
}

function Facts({ runbook }: { runbook: Runbook }) {
  const { owner, reviewBy, review, attachSentence, isEnabled, writtenBy, writtenAt } = runbook;
  return (
    <section
      aria-label="Facts"
      className="self-start rounded-lg border px-4 py-3 max-xl:order-first"
    >
      <dl className="grid grid-cols-[auto_minmax(0,1fr)] gap-x-4 gap-y-2 text-sm">
        <dt className="text-ink-3">Owner</dt>
        <dd>{owner?.name ?? <span className="text-ink-3">nobody</span>}</dd>
        <dt className="text-ink-3">Review by</dt>
        <dd>
          <ReviewMark reviewBy={reviewBy} review={review} />
        </dd>
        <dt className="text-ink-3">Attached to</dt>
        <dd>{isEnabled ? attachSentence : `switched off; else ${attachSentence}`}</dd>
        <dt className="text-ink-3">Used</dt>
        <dd>
          {runbook.useCount === 0 ? (
            <span className="text-ink-3">never</span>
          ) : (
            `${runbook.useCount} times`
          )}
          {runbook.lastUsedAt !== null && (
            <span className="block text-ink-3 text-xs">
              last <TimeText iso={runbook.lastUsedAt} />
            </span>
          )}
        </dd>
        <dt className="text-ink-3">Version</dt>
        <dd>
          {runbook.version}
          <span className="block text-ink-3 text-xs">
            {writtenBy}, <TimeText iso={writtenAt} />
          </span>
        </dd>
      </dl>
    </section>
  );
}
