"use client";

import { useQuery } from "@tanstack/react-query";
import Link from "next/link";
import { useMemo, useState } from "react";
import type { IncidentRunbook, IncidentRunbooks } from "#lib/api/runbook.ts";
import { incidentRunbooksQuery, runbookListQuery } from "#lib/api/runbook.ts";
import { parseRunbook } from "#lib/rules/parse-runbook.ts";
import { QueryView, sayFailure } from "../request/query-view.tsx";
import { paths } from "../shell/paths.ts";
import { useUrlState } from "../shell/use-url-state.ts";
import { MarkdownText } from "../ui/markdown-text.tsx";
import { ProgressBar } from "../ui/progress-bar.tsx";
import { Select } from "../ui/select.tsx";
import { Skeleton } from "../ui/skeleton.tsx";
import { IncidentStep } from "./incident-step.tsx";
import { useRunbookDeed } from "./use-incident-runbooks.ts";

export interface IncidentRunbookPanelProps {
  workspace: string;
  incident: number;
}

/** What is to be done next, and what was done of it. */
export function IncidentRunbookPanel({ workspace, incident }: IncidentRunbookPanelProps) {
  const query = useQuery(incidentRunbooksQuery(workspace, incident));
  return (
    <section aria-label="Runbook" className="flex flex-col gap-3">
      <QueryView query={query} what="The runbook" skeleton={<Skeleton className="h-40 w-full" />}>
        {(found) => <Panel workspace={workspace} incident={incident} found={found} />}
      </QueryView>
    </section>
  );
}

function Panel({
  workspace,
  incident,
  found: { runbooks, parameters },
}: IncidentRunbookPanelProps & { found: IncidentRunbooks }) {
  const { get, set } = useUrlState();
  const shown = runbooks.find(({ runbookId }) => runbookId === get("runbook")) ?? runbooks[0];
  return (
    <>
      <div className="flex flex-wrap items-center gap-x-3 gap-y-2">
        <h2 className="mr-auto font-semibold text-base">Runbook</h2>
        {runbooks.length > 1 && shown !== undefined && (
          <Select
            label="Runbook"
            value={shown.runbookId}
            className="max-w-64"
            options={runbooks.map(({ runbookId, title }) => ({ value: runbookId, label: title }))}
            onChange={(runbookId) => set({ runbook: runbookId }, "replace")}
          />
        )}
        <Attach workspace={workspace} incident={incident} runbooks={runbooks} />
      </div>
      {shown === undefined ? (
        <p className="rounded-lg border border-dashed px-4 py-4 text-ink-2 text-sm">
          No runbook fits this incident by its rules. Attach one by hand, or{" "}
          <Link
            href={paths.runbooks(workspace)}
            prefetch={false}
            className="text-accent underline decoration-line-strong underline-offset-2 hover:decoration-accent"
          >
            say in a runbook
          </Link>{" "}
          which incidents it is for.
        </p>
      ) : (
        <Attached
          key={shown.runbookId}
          workspace={workspace}
          incident={incident}
          runbook={shown}
          parameters={parameters}
        />
      )}
    </>
  );
}

function Attached({
  workspace,
  incident,
  runbook,
  parameters,
}: IncidentRunbookPanelProps & {
  runbook: IncidentRunbook;
  parameters: IncidentRunbooks["parameters"];
}) {
  const parsed = useMemo(() => parseRunbook(runbook.body), [runbook.body]);
  const [openedId, setOpenedId] = useState<string | null>(null);
  const { steps, nextStepId } = runbook;
  const over = steps.filter(({ state }) => state !== "todo" && state !== "waiting").length;
  const next = parsed.steps.find(({ id }) => id === nextStepId);
  const intro = parsed.parts[0]?.kind === "text" ? parsed.parts[0].text : null;
  const shared = { workspace, incident, runbook, all: parsed.steps, parameters };
  return (
    <>
      <p className="text-ink-2 text-sm">
        <Link
          href={paths.runbook(workspace, runbook.runbookId)}
          prefetch={false}
          className="text-accent underline decoration-line-strong underline-offset-2 hover:decoration-accent"
        >
          {runbook.title}
        </Link>
        , version {runbook.version}
        {runbook.newestVersion !== null &&
          runbook.newestVersion > runbook.version &&
          ` as it was then (now ${runbook.newestVersion})`}
        : {runbook.reason}.
      </p>
      <ProgressBar label={`${over} of ${steps.length} steps`} done={over} total={steps.length} />
      {next === undefined ? (
        <p className="rounded-lg border px-4 py-3 text-sm">
          The runbook is at its end. A step that is open can still be done below.
        </p>
      ) : (
        <section
          aria-label="Next step"
          className="rounded-lg border-2 border-accent px-4 py-3 max-sm:-mx-1"
        >
          <p className="font-medium text-accent text-sm">Next: step {next.number}</p>
          <IncidentStep {...shared} step={next} isNext />
        </section>
      )}
      {intro !== null && (
        <details>
          <summary className="cursor-pointer text-ink-2 text-sm">What this runbook is for</summary>
          <MarkdownText text={intro} parameters={parameters} className="mt-2" />
        </details>
      )}
      <ol aria-label="Steps" className="rounded-lg border">
        {parsed.steps
          .filter(({ id }) => id !== nextStepId)
          .map((step) => (
            <li key={step.id} className="border-b px-4 py-2.5 last:border-b-0">
              <IncidentStep
                {...shared}
                step={step}
                isNext={false}
                isOpen={openedId === step.id}
                onToggle={() => setOpenedId(openedId === step.id ? null : step.id)}
              />
            </li>
          ))}
      </ol>
    </>
  );
}

function Attach({
  workspace,
  incident,
  runbooks,
}: IncidentRunbookPanelProps & { runbooks: readonly IncidentRunbook[] }) {
  const list = useQuery(runbookListQuery(workspace, "current"));
  const deed = useRunbookDeed(workspace, incident);
  const failure = sayFailure(deed.error);
  const others = (list.data?.runbooks ?? []).filter(
    ({ id }) => !runbooks.some(({ runbookId }) => runbookId === id),
  );
  if (others.length === 0) return null;
  return (
    <>
      {failure !== null && (
        <span role="alert" className="text-breach text-sm">
          {failure}
        </span>
      )}
      <Select
        label="Attach a runbook"
        value=""
        placeholder="Attach another"
        options={others.map(({ id, title }) => ({ value: id, label: title }))}
        onChange={(runbookId) => deed.mutate({ kind: "attach", runbookId })}
      />
    </>
  );
}
