"use client";

import { useQuery } from "@tanstack/react-query";
import { clsx } from "clsx";
import type { RunbookVersions } from "#lib/api/runbook.ts";
import { runbookDiffQuery, runbookQuery, runbookVersionsQuery } from "#lib/api/runbook.ts";
import { figure, plural, sentence } from "#lib/charts/sentence.ts";
import { QueryView } from "../request/query-view.tsx";
import { PageBody, PageHeader } from "../shell/page-header.tsx";
import { paths } from "../shell/paths.ts";
import { useUrlState } from "../shell/use-url-state.ts";
import { Skeleton, SkeletonTable } from "../ui/skeleton.tsx";
import { TimeText } from "../ui/time-text.tsx";
import { DiffView } from "./diff-view.tsx";
import { RunbookTabs } from "./runbook-tabs.tsx";

type Version = RunbookVersions["versions"][number];

/** What changed, when, and by whom? */
export function RunbookHistoryPage({
  workspace,
  runbookId,
}: {
  workspace: string;
  runbookId: string;
}) {
  const { get, set } = useUrlState();
  const runbook = useQuery(runbookQuery(workspace, runbookId));
  const query = useQuery(runbookVersionsQuery(workspace, runbookId));
  const newest = query.data?.versions[0];
  const shown = Number(get("version") ?? newest?.version ?? 1);
  return (
    <>
      <PageHeader
        crumbs={[
          { label: "Runbooks", href: paths.runbooks(workspace) },
          {
            label: runbook.data?.title ?? "Runbook",
            href: paths.runbook(workspace, runbookId),
          },
          { label: "History", href: null },
        ]}
        tabs={<RunbookTabs workspace={workspace} runbookId={runbookId} />}
        isFailed={query.isError}
        answer={newest === undefined ? null : historyAnswer(query.data?.versions ?? [], newest)}
      />
      <PageBody>
        <QueryView query={query} what="The history" skeleton={<SkeletonTable rows={4} />}>
          {({ versions }) => (
            <div className="grid gap-8 lg:grid-cols-[280px_minmax(0,1fr)]">
              <ol aria-label="Versions" className="flex flex-col self-start rounded-lg border">
                {versions.map((one) => (
                  <VersionItem
                    key={one.version}
                    version={one}
                    isShown={one.version === shown}
                    onShow={() => set({ version: String(one.version) }, "replace")}
                  />
                ))}
              </ol>
              {shown > 1 ? (
                <Change workspace={workspace} runbookId={runbookId} version={shown} />
              ) : (
                <p className="text-ink-2 text-sm">The first version: there is none before it.</p>
              )}
            </div>
          )}
        </QueryView>
      </PageBody>
    </>
  );
}

function historyAnswer(versions: readonly Version[], { version, createdBy }: Version) {
  return {
    health: null,
    headline: sentence`${figure(`${versions.length} ${plural(versions.length, "version")}`)}; the newest, ${String(version)}, is by ${createdBy === "" ? "somebody" : createdBy}.`,
    detail: sentence`Each is kept whole. Incidents go on by the one that they were given.`,
  };
}

function VersionItem({
  version: { version, note, createdBy, createdAt },
  isShown,
  onShow,
}: {
  version: Version;
  isShown: boolean;
  onShow: () => void;
}) {
  return (
    <li className={clsx("border-b last:border-b-0", isShown && "bg-selected")}>
      <button
        type="button"
        aria-pressed={isShown}
        onClick={onShow}
        className="focus-inset w-full px-3 py-2 text-left text-sm"
      >
        <span className="font-medium">Version {version}</span>
        {note !== "" && <span className="block text-ink-2">{note}</span>}
        <span className="block text-ink-3 text-xs">
          {createdBy}, <TimeText iso={createdAt} />
        </span>
      </button>
    </li>
  );
}

function Change({
  workspace,
  runbookId,
  version,
}: {
  workspace: string;
  runbookId: string;
  version: number;
}) {
  const versions = { from: version - 1, until: version };
  const query = useQuery(runbookDiffQuery(workspace, runbookId, versions));
  return (
    <section aria-label={`What version ${version} changed`} className="min-w-0">
      <QueryView query={query} what="The change" skeleton={<Skeleton className="h-72" />}>
        {(diff) => (
          <>
            <h2 className="mb-2 font-semibold text-base">
              Version {diff.from} to {diff.until}:{" "}
              {diff.addedCount + diff.removedCount === 0
                ? "the text is the same"
                : `${diff.addedCount} added, ${diff.removedCount} removed`}
            </h2>
            <DiffView lines={diff.lines} />
          </>
        )}
      </QueryView>
    </section>
  );
}
