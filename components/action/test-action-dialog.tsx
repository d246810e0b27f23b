"use client";

import { useMutation, useQuery } from "@tanstack/react-query";
import type { Action } from "#lib/api/action.ts";
import { runQuery, testAction } from "#lib/api/action.ts";
import { sayFailure } from "../request/query-view.tsx";
import { Button } from "../ui/button.tsx";
import { Dialog } from "../ui/dialog.tsx";
import { RunCard } from "./run-card.tsx";

/** The real call, watched. An endpoint that does not look at the mark does what it always does, and that is said before. */
export function TestActionDialog({
  workspace,
  action,
  onClose,
}: {
  workspace: string;
  action: Action;
  onClose: () => void;
}) {
  const testing = useMutation({ mutationFn: () => testAction(workspace, action.id) });
  const runId = testing.data?.run.id;
  const query = useQuery({
    ...runQuery(workspace, runId ?? ""),
    enabled: runId !== undefined,
    refetchInterval: 1_000,
  });
  return (
    <Dialog
      isOpen
      onOpenChange={(isOpen) => !isOpen && onClose()}
      title={`Test "${action.name}"`}
      description={`The real call to ${action.address}, without an incident, with is_test true in the body and the header plumbline-test. An endpoint that looks at neither does what it always does.`}
    >
      <div className="flex flex-col gap-4">
        {query.data !== undefined && (
          <div className="rounded-lg border px-3 py-2.5">
            <RunCard workspace={workspace} run={query.data.run} />
          </div>
        )}
        {testing.error !== null && (
          <p role="alert" className="text-breach text-sm">
            {sayFailure(testing.error)}
          </p>
        )}
        <div className="flex justify-end gap-2">
          <Button kind="quiet" onClick={onClose}>
            Close
          </Button>
          <Button kind="primary" disabled={testing.isPending} onClick={() => testing.mutate()}>
            {runId === undefined ? "Send test" : "Send another"}
          </Button>
        </div>
      </div>
    </Dialog>
  );
}
