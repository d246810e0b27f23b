"use client";

import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { Plus } from "lucide-react";
import Link from "next/link";
import { useState } from "react";
import { actionListQuery } from "#lib/api/action.ts";
import type { Reaction } from "#lib/api/reaction.ts";
import { deleteReaction, reactionListQuery, updateReaction } from "#lib/api/reaction.ts";
import { prepareReactionAnswer } from "#lib/charts/prepare-action-answer.ts";
import { QueryView, sayFailure } from "../request/query-view.tsx";
import { SettingsHeader } from "../settings/settings-header.tsx";
import { PageBody } from "../shell/page-header.tsx";
import { paths } from "../shell/paths.ts";
import { useUrlState } from "../shell/use-url-state.ts";
import { Button } from "../ui/button.tsx";
import { ConfirmDialog } from "../ui/confirm-dialog.tsx";
import { EmptyState } from "../ui/empty-state.tsx";
import { Segmented } from "../ui/segmented.tsx";
import { SkeletonTable } from "../ui/skeleton.tsx";
import { ReactionDialog } from "./reaction-dialog.tsx";
import { ReactionLog } from "./reaction-log.tsx";
import { ReactionTable } from "./reaction-table.tsx";

type Opened = { kind: "none" } | { kind: "add" } | { kind: "edit" | "delete"; reaction: Reaction };

/** What calls actions by itself, and what came of it? */
export function ReactionsPage({ workspace }: { workspace: string }) {
  const { get, set } = useUrlState();
  const view = get("view") === "log" ? "log" : "reactions";
  const client = useQueryClient();
  const query = useQuery(reactionListQuery(workspace));
  const actions = useQuery(actionListQuery(workspace));
  const [opened, setOpened] = useState<Opened>({ kind: "none" });
  const close = () => setOpened({ kind: "none" });
  const refresh = () => client.invalidateQueries({ queryKey: ["reaction", workspace] });
  const switching = useMutation({
    mutationFn: ({ id, revision, isEnabled }: Reaction) =>
      updateReaction(workspace, { reactionId: id, revision, isEnabled: !isEnabled }),
    onSettled: refresh,
  });
  const deletion = useMutation({
    mutationFn: ({ id }: Reaction) => deleteReaction(workspace, id),
    onSuccess: async () => {
      close();
      await refresh();
    },
  });
  const known = actions.data?.actions ?? [];
  const add = (
    <Button kind="primary" disabled={known.length === 0} onClick={() => setOpened({ kind: "add" })}>
      <Plus size={14} aria-hidden />
      Add a reaction
    </Button>
  );
  return (
    <>
      <SettingsHeader
        workspace={workspace}
        isFailed={query.isError}
        answer={query.data === undefined ? null : prepareReactionAnswer(query.data.reactions)}
        controls={
          <>
            <Segmented
              label="What is shown"
              value={view}
              options={[
                { value: "reactions", label: "Reactions" },
                { value: "log", label: "Log" },
              ]}
              onChange={(value) => set({ view: value === "log" ? "log" : null })}
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
        {view === "log" ? (
          <ReactionLog workspace={workspace} />
        ) : (
          <QueryView query={query} what="The reactions" skeleton={<SkeletonTable rows={3} />}>
            {({ reactions }) =>
              reactions.length === 0 ? (
                <EmptyState title="No reaction was added yet." action={known.length > 0 && add}>
                  A reaction calls an action when an incident comes to a state, within its guards.
                  It begins as a dry run.
                  {actions.data !== undefined && known.length === 0 && (
                    <>
                      {" "}
                      It needs an action first:{" "}
                      <Link href={paths.actions(workspace)} className="text-accent underline">
                        add one
                      </Link>
                      .
                    </>
                  )}
                </EmptyState>
              ) : (
                <ReactionTable
                  reactions={reactions}
                  onEdit={(reaction) => setOpened({ kind: "edit", reaction })}
                  onDelete={(reaction) => setOpened({ kind: "delete", reaction })}
                  onSwitch={(reaction) => switching.mutate(reaction)}
                />
              )
            }
          </QueryView>
        )}
      </PageBody>
      {opened.kind === "add" && (
        <ReactionDialog workspace={workspace} actions={known} reaction={null} onClose={close} />
      )}
      {opened.kind === "edit" && (
        <ReactionDialog
          workspace={workspace}
          actions={known}
          reaction={opened.reaction}
          onClose={close}
        />
      )}
      {opened.kind === "delete" && (
        <ConfirmDialog
          isOpen
          onOpenChange={(isOpen) => !isOpen && close()}
          title={`Delete the reaction "${opened.reaction.name}"`}
          description="Runs that it asked for go on, and its log stays. This can't be undone."
          name={opened.reaction.name}
          action="Delete it"
          isBusy={deletion.isPending}
          error={sayFailure(deletion.error)}
          onConfirm={() => deletion.mutate(opened.reaction)}
        />
      )}
    </>
  );
}
