"use client";

import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { Plus } from "lucide-react";
import { useState } from "react";
import type { Action } from "#lib/api/action.ts";
import { actionListQuery, deleteAction, updateAction } from "#lib/api/action.ts";
import { prepareActionAnswer } from "#lib/charts/prepare-action-answer.ts";
import { QueryView, sayFailure } from "../request/query-view.tsx";
import { SettingsHeader } from "../settings/settings-header.tsx";
import { PageBody } from "../shell/page-header.tsx";
import { useUrlState } from "../shell/use-url-state.ts";
import { Button } from "../ui/button.tsx";
import { ConfirmDialog } from "../ui/confirm-dialog.tsx";
import { EmptyState } from "../ui/empty-state.tsx";
import { Segmented } from "../ui/segmented.tsx";
import { SkeletonTable } from "../ui/skeleton.tsx";
import { ActionDialog } from "./action-dialog.tsx";
import { ActionTable } from "./action-table.tsx";
import { RotateActionDialog } from "./rotate-action-dialog.tsx";
import { RunLog } from "./run-log.tsx";
import { TestActionDialog } from "./test-action-dialog.tsx";
import { useRuns } from "./use-runs.ts";

type Opened =
  | { kind: "none" }
  | { kind: "add" }
  | { kind: "edit" | "test" | "rotate" | "delete"; action: Action };

/** What can be called about an incident, and how did it go? */
export function ActionsPage({ workspace }: { workspace: string }) {
  const { get, set } = useUrlState();
  const view = get("view") === "runs" ? "runs" : "actions";
  const client = useQueryClient();
  const query = useQuery(actionListQuery(workspace));
  const open = useRuns(workspace, { state: "open" });
  const [opened, setOpened] = useState<Opened>({ kind: "none" });
  const close = () => setOpened({ kind: "none" });
  const refresh = () => client.invalidateQueries({ queryKey: ["action", workspace] });
  const switching = useMutation({
    mutationFn: ({ id, revision, isEnabled }: Action) =>
      updateAction(workspace, { actionId: id, revision, isEnabled: !isEnabled }),
    onSettled: refresh,
  });
  const deletion = useMutation({
    mutationFn: ({ id }: Action) => deleteAction(workspace, id),
    onSuccess: async () => {
      close();
      await refresh();
    },
  });
  const add = (
    <Button kind="primary" onClick={() => setOpened({ kind: "add" })}>
      <Plus size={14} aria-hidden />
      Add an action
    </Button>
  );
  return (
    <>
      <SettingsHeader
        workspace={workspace}
        isFailed={query.isError}
        answer={
          query.data === undefined || open.data === undefined
            ? null
            : prepareActionAnswer(query.data.actions, open.data.runs)
        }
        controls={
          <>
            <Segmented
              label="What is shown"
              value={view}
              options={[
                { value: "actions", label: "Actions" },
                { value: "runs", label: "Runs" },
              ]}
              onChange={(value) => set({ view: value === "runs" ? "runs" : null })}
            />
            {add}
          </>
        }
      />
      <PageBody>
        {switching.error !== null && (
          <p role="alert" className="text-breach text-sm">
            {sayFailure(switching.error)}
          </p>
        )}
        {view === "runs" ? (
          <RunLog workspace={workspace} />
        ) : (
          <QueryView query={query} what="The actions" skeleton={<SkeletonTable rows={4} />}>
            {({ actions }) =>
              actions.length === 0 ? (
                <EmptyState title="No action was added yet." action={add}>
                  An action retrains, rolls back or shifts traffic by a signed call to your own
                  pipeline. It is checked and approved before, and verified after.
                </EmptyState>
              ) : (
                <ActionTable
                  actions={actions}
                  onEdit={(action) => setOpened({ kind: "edit", action })}
                  onTest={(action) => setOpened({ kind: "test", action })}
                  onRotate={(action) => setOpened({ kind: "rotate", action })}
                  onDelete={(action) => setOpened({ kind: "delete", action })}
                  onSwitch={(action) => switching.mutate(action)}
                />
              )
            }
          </QueryView>
        )}
      </PageBody>
      {opened.kind === "add" && (
        <ActionDialog workspace={workspace} action={null} onClose={close} />
      )}
      {opened.kind === "edit" && (
        <ActionDialog workspace={workspace} action={opened.action} onClose={close} />
      )}
      {opened.kind === "test" && (
        <TestActionDialog workspace={workspace} action={opened.action} onClose={close} />
      )}
      {opened.kind === "rotate" && (
        <RotateActionDialog workspace={workspace} action={opened.action} onClose={close} />
      )}
      {opened.kind === "delete" && (
        <ConfirmDialog
          isOpen
          onOpenChange={(isOpen) => !isOpen && close()}
          title={`Delete the action "${opened.action.name}"`}
          description="Its runs stay in the log. What waits for approval is not sent any more. This can't be undone."
          name={opened.action.name}
          action="Delete it"
          isBusy={deletion.isPending}
          error={sayFailure(deletion.error)}
          onConfirm={() => deletion.mutate(opened.action)}
        />
      )}
    </>
  );
}
