"use client";

import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { UserPlus } from "lucide-react";
import { useMemo, useState } from "react";
import type { MemberList } from "#lib/api/member.ts";
import { memberListQuery, removeMember, revokeInvitation, updateMember } from "#lib/api/member.ts";
import { prepareMemberAnswer } from "#lib/charts/prepare-member-answer.ts";
import type { Role } from "#lib/domain/role.ts";
import { roleSchema } from "#lib/domain/role.ts";
import { QueryView, sayFailure } from "../request/query-view.tsx";
import { SettingsHeader } from "../settings/settings-header.tsx";
import { PageBody } from "../shell/page-header.tsx";
import { useSort } from "../shell/use-sort.ts";
import { Button } from "../ui/button.tsx";
import { ConfirmDialog } from "../ui/confirm-dialog.tsx";
import type { Column } from "../ui/data-table.tsx";
import { DataTable } from "../ui/data-table.tsx";
import { Select } from "../ui/select.tsx";
import { SkeletonTable } from "../ui/skeleton.tsx";
import { TimeText } from "../ui/time-text.tsx";
import { InviteDialog } from "./invite-dialog.tsx";

type Member = MemberList["members"][number];

export function MembersPage({ workspace }: { workspace: string }) {
  const query = useQuery(memberListQuery(workspace));
  const [isInviting, setIsInviting] = useState(false);
  return (
    <>
      <SettingsHeader
        workspace={workspace}
        isFailed={query.isError}
        answer={query.data ? prepareMemberAnswer(query.data) : null}
        controls={
          <Button kind="primary" onClick={() => setIsInviting(true)}>
            <UserPlus size={14} aria-hidden />
            Invite a person
          </Button>
        }
      />
      <PageBody>
        <QueryView query={query} what="The members" skeleton={<SkeletonTable rows={4} />}>
          {(list) => <MemberTables workspace={workspace} list={list} />}
        </QueryView>
      </PageBody>
      <InviteDialog workspace={workspace} isOpen={isInviting} onOpenChange={setIsInviting} />
    </>
  );
}

function MemberTables({ workspace, list }: { workspace: string; list: MemberList }) {
  const client = useQueryClient();
  const [sort, onSort] = useSort();
  const [removing, setRemoving] = useState<Member | null>(null);
  const refresh = () => client.invalidateQueries({ queryKey: memberListQuery(workspace).queryKey });
  const change = useMutation({
    mutationFn: ({ userId, role }: { userId: string; role: Role }) =>
      updateMember(workspace, userId, role),
    onSuccess: refresh,
  });
  const removal = useMutation({
    mutationFn: ({ userId }: Member) => removeMember(workspace, userId),
    onSuccess: async () => {
      setRemoving(null);
      await refresh();
    },
  });
  const withdrawal = useMutation({
    mutationFn: (id: string) => revokeInvitation(workspace, id),
    onSuccess: refresh,
  });
  const columns = useMemo(() => memberColumns(change.mutate, setRemoving), [change.mutate]);
  const failure = sayFailure(change.error ?? withdrawal.error);
  return (
    <>
      {failure !== null && (
        <p role="alert" className="text-breach text-sm">
          {failure}
        </p>
      )}
      <DataTable
        name="Members"
        columns={columns}
        rows={list.members}
        rowKey={({ userId }) => userId}
        sort={sort}
        onSort={onSort}
        toolbar={<h2 className="font-semibold text-base">Members</h2>}
        empty="Nobody is a member."
      />
      {list.invitations.length > 0 && (
        <section aria-label="Open invitations">
          <h2 className="mb-2 font-semibold text-base">Open invitations</h2>
          <ul className="rounded-lg border">
            {list.invitations.map((invitation) => (
              <li
                key={invitation.id}
                className="flex min-h-10 flex-wrap items-center gap-3 border-b px-3 text-sm last:border-b-0"
              >
                <span className="font-medium">{invitation.email}</span>
                <span className="text-ink-2">{invitation.role}</span>
                <span className="text-ink-3">
                  ends <TimeText iso={invitation.expiresAt} />
                </span>
                <Button
                  size="sm"
                  kind="quiet"
                  className="ml-auto"
                  disabled={withdrawal.isPending}
                  onClick={() => withdrawal.mutate(invitation.id)}
                >
                  Withdraw
                </Button>
              </li>
            ))}
          </ul>
        </section>
      )}
      <ConfirmDialog
        isOpen={removing !== null}
        onOpenChange={(isOpen) => {
          if (!isOpen) setRemoving(null);
        }}
        title={`Remove ${removing?.name ?? ""}`}
        description="They lose access to this workspace at once. What they did here stays."
        name={removing?.email ?? ""}
        action="Remove"
        isBusy={removal.isPending}
        error={sayFailure(removal.error)}
        onConfirm={() => {
          if (removing !== null) removal.mutate(removing);
        }}
      />
    </>
  );
}

function memberColumns(
  change: (to: { userId: string; role: Role }) => void,
  ask: (member: Member) => void,
): Column<Member>[] {
  return [
    {
      id: "name",
      header: "Name",
      sortBy: ({ name }) => name,
      csv: ({ name }) => name,
      cell: ({ name }) => <span className="font-medium">{name}</span>,
    },
    {
      id: "email",
      header: "E-mail",
      from: "sm",
      sortBy: ({ email }) => email,
      csv: ({ email }) => email,
      cell: ({ email }) => <span className="text-ink-2">{email}</span>,
    },
    {
      id: "role",
      header: "Role",
      width: "150px",
      sortBy: ({ role }) => roleSchema.options.indexOf(role),
      csv: ({ role }) => role,
      cell: ({ userId, name, role }) => (
        <Select
          label={`Role of ${name}`}
          className="-my-0.5 h-7 w-28"
          value={role}
          options={roleSchema.options.map((value) => ({ value, label: value }))}
          onChange={(value) => change({ userId, role: roleSchema.parse(value) })}
        />
      ),
    },
    {
      id: "joined",
      header: "Joined",
      isRight: true,
      from: "md",
      sortBy: ({ joinedAt }) => Date.parse(joinedAt),
      csv: ({ joinedAt }) => joinedAt,
      cell: ({ joinedAt }) => <TimeText iso={joinedAt} />,
    },
    {
      id: "actions",
      header: "Actions",
      isHeaderHidden: true,
      isRight: true,
      width: "100px",
      csv: () => null,
      cell: (member) => (
        <Button size="sm" kind="quiet" onClick={() => ask(member)}>
          Remove
        </Button>
      ),
    },
  ];
}
