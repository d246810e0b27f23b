"use client";

import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { Plus } from "lucide-react";
import { useMemo, useState } from "react";
import type { Team } from "#lib/api/team.ts";
import { deleteTeam, teamListQuery } from "#lib/api/team.ts";
import { prepareTeamAnswer } from "#lib/charts/prepare-team-answer.ts";
import { QueryView, sayFailure } from "../request/query-view.tsx";
import { SettingsHeader } from "../settings/settings-header.tsx";
import { PageBody } from "../shell/page-header.tsx";
import { useSort } from "../shell/use-sort.ts";
import { Button } from "../ui/button.tsx";
import { ConfirmDialog } from "../ui/confirm-dialog.tsx";
import type { Column } from "../ui/data-table.tsx";
import { DataTable } from "../ui/data-table.tsx";
import { EmptyState } from "../ui/empty-state.tsx";
import { SkeletonTable } from "../ui/skeleton.tsx";
import { TeamDialog } from "./team-dialog.tsx";

/** Who owns which model, and who is paged for it? */
export function TeamsPage({ workspace }: { workspace: string }) {
  const client = useQueryClient();
  const query = useQuery(teamListQuery(workspace));
  const [isCreating, setIsCreating] = useState(false);
  const [editing, setEditing] = useState<Team | null>(null);
  const [deleting, setDeleting] = useState<Team | null>(null);
  const [sort, onSort] = useSort();
  const columns = useMemo(() => teamColumns(setEditing, setDeleting), []);
  const deletion = useMutation({
    mutationFn: ({ id }: Team) => deleteTeam(workspace, id),
    onSuccess: async () => {
      setDeleting(null);
      await client.invalidateQueries({ queryKey: ["team", workspace] });
    },
  });
  return (
    <>
      <SettingsHeader
        workspace={workspace}
        isFailed={query.isError}
        answer={query.data ? prepareTeamAnswer(query.data) : null}
        controls={
          <Button kind="primary" onClick={() => setIsCreating(true)}>
            <Plus size={14} aria-hidden />
            Make a team
          </Button>
        }
      />
      <PageBody>
        <QueryView query={query} what="The teams" skeleton={<SkeletonTable rows={4} />}>
          {({ teams }) =>
            teams.length === 0 ? (
              <EmptyState
                title="There is no team"
                action={
                  <Button kind="primary" onClick={() => setIsCreating(true)}>
                    Make the first team
                  </Button>
                }
              >
                A team owns models. Whoever is on call for it is paged when one of them breaks.
              </EmptyState>
            ) : (
              <DataTable
                name="Teams"
                columns={columns}
                rows={teams}
                rowKey={({ id }) => id}
                sort={sort}
                onSort={onSort}
                empty="No team."
              />
            )
          }
        </QueryView>
      </PageBody>
      <TeamDialog
        workspace={workspace}
        team={null}
        isOpen={isCreating}
        onOpenChange={setIsCreating}
      />
      {editing !== null && (
        <TeamDialog
          key={editing.id}
          workspace={workspace}
          team={editing}
          isOpen
          onOpenChange={() => setEditing(null)}
        />
      )}
      <ConfirmDialog
        isOpen={deleting !== null}
        onOpenChange={() => setDeleting(null)}
        title={`Delete the team "${deleting?.name ?? ""}"`}
        description="Its models belong to nobody then. This can't be undone."
        name={deleting?.name ?? ""}
        action="Delete it"
        isBusy={deletion.isPending}
        error={sayFailure(deletion.error)}
        onConfirm={() => {
          if (deleting !== null) deletion.mutate(deleting);
        }}
      />
    </>
  );
}

function teamColumns(onEdit: (team: Team) => void, onDelete: (team: Team) => void): Column<Team>[] {
  return [
    {
      id: "name",
      header: "Team",
      sortBy: ({ name }) => name,
      csv: ({ name }) => name,
      cell: ({ name }) => <span className="font-medium">{name}</span>,
    },
    {
      id: "models",
      header: "Owns",
      csv: ({ models }) => models.join(" "),
      cell: ({ models }) =>
        models.length === 0 ? (
          <span className="text-ink-3">nothing</span>
        ) : (
          <span className="font-mono">{models.join(", ")}</span>
        ),
    },
    {
      id: "members",
      header: "Members",
      from: "sm",
      csv: ({ members }) => members.map(({ name }) => name).join(", "),
      cell: ({ members }) =>
        members.length === 0 ? (
          <span className="text-ink-3">none</span>
        ) : (
          members.map(({ name }) => name).join(", ")
        ),
    },
    {
      id: "policy",
      header: "Paged by",
      from: "md",
      csv: ({ escalationPolicyName }) => escalationPolicyName,
      cell: ({ escalationPolicyName }) =>
        escalationPolicyName ?? <span className="text-ink-3">the default policy</span>,
    },
    {
      id: "actions",
      header: "Actions",
      isHeaderHidden: true,
      isRight: true,
      width: "132px",
      csv: () => null,
      cell: (team) => (
        <span className="flex justify-end gap-1">
          <Button size="sm" kind="quiet" onClick={() => onDelete(team)}>
            Delete
          </Button>
          <Button size="sm" onClick={() => onEdit(team)}>
            Edit
          </Button>
        </span>
      ),
    },
  ];
}
