"use client";

import { useQuery } from "@tanstack/react-query";
import { runQuery } from "#lib/api/action.ts";
import { runStateNames } from "#lib/rules/step-action-run.ts";
import { QueryView } from "../request/query-view.tsx";
import { CodeBlock } from "../ui/code-block.tsx";
import { Dialog } from "../ui/dialog.tsx";
import { SkeletonTable } from "../ui/skeleton.tsx";
import { TimeText } from "../ui/time-text.tsx";

/** Every step of a run, whose it was, and what was sent. */
export function RunDialog({
  workspace,
  runId,
  onClose,
}: {
  workspace: string;
  runId: string;
  onClose: () => void;
}) {
  const query = useQuery({ ...runQuery(workspace, runId), refetchInterval: 5_000 });
  return (
    <Dialog
      isOpen
      onOpenChange={(isOpen) => !isOpen && onClose()}
      title={query.data === undefined ? "Run" : `Run of ${query.data.run.actionName}`}
    >
      <QueryView query={query} what="The run" skeleton={<SkeletonTable rows={4} />}>
        {({ run, body, events }) => (
          <div className="flex min-w-0 flex-col gap-4">
            <ol className="flex flex-col gap-2">
              {events.map(({ state, sentence, by, at }) => (
                <li key={`${at}${state}${sentence}`} className="text-sm">
                  <span className="font-medium">{runStateNames[state]}</span>
                  <span className="ml-2 text-ink-3 text-xs">
                    {by}, <TimeText iso={at} isAbsolute />
                  </span>
                  <p className="break-words text-ink-2">{sentence}</p>
                </li>
              ))}
            </ol>
            <p className="break-all text-ink-3 text-xs">
              Its key is <code className="font-mono">{run.id}</code>
              {run.attempt > 0 && `; attempts: ${run.attempt}`}
              {run.status !== null && `; answered ${run.status}`}.
            </p>
            {run.answer !== "" && <CodeBlock label="Answer" code={run.answer} />}
            {body !== "" && <CodeBlock label="Sent" code={body} isLong />}
          </div>
        )}
      </QueryView>
    </Dialog>
  );
}
