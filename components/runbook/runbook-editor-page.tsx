"use client";

import { useQuery } from "@tanstack/react-query";
import { runbookQuery } from "#lib/api/runbook.ts";
import { name, sentence } from "#lib/charts/sentence.ts";
import { QueryView } from "../request/query-view.tsx";
import { PageBody, PageHeader } from "../shell/page-header.tsx";
import { paths } from "../shell/paths.ts";
import { Skeleton } from "../ui/skeleton.tsx";
import { RunbookForm } from "./runbook-form.tsx";

/** A new runbook, or with an id the next version of one. */
export function RunbookEditorPage({
  workspace,
  runbookId,
}: {
  workspace: string;
  runbookId?: string;
}) {
  const query = useQuery({
    ...runbookQuery(workspace, runbookId ?? ""),
    enabled: runbookId !== undefined,
    // Read once: what others save meanwhile is said on saving, not slipped under what is being typed.
    staleTime: Number.POSITIVE_INFINITY,
    refetchOnMount: "always",
  });
  const runbook = query.data;
  const isNew = runbookId === undefined;
  const next =
    runbook === undefined
      ? null
      : sentence`Version ${String(runbook.version + 1)} of ${name(runbook.title)}.`;
  const headline = isNew ? sentence`A new runbook.` : next;
  const detail = sentence`Markdown; a step is a fenced block. Incidents that are open keep the version that they have.`;
  return (
    <>
      <PageHeader
        crumbs={[
          { label: "Runbooks", href: paths.runbooks(workspace) },
          ...(isNew
            ? []
            : [{ label: runbook?.title ?? "Runbook", href: paths.runbook(workspace, runbookId) }]),
          { label: isNew ? "New" : "Edit", href: null },
        ]}
        isFailed={query.isError}
        answer={headline === null ? null : { health: null, headline, detail }}
      />
      <PageBody>
        {isNew ? (
          <RunbookForm workspace={workspace} runbook={null} />
        ) : (
          <QueryView query={query} what="The runbook" skeleton={<Skeleton className="h-[32rem]" />}>
            {(found) => <RunbookForm key={found.id} workspace={workspace} runbook={found} />}
          </QueryView>
        )}
      </PageBody>
    </>
  );
}
