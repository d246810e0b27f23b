"use client";

import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { Plus } from "lucide-react";
import { useState } from "react";
import type { EscalationPolicy } from "#lib/api/escalation.ts";
import { deletePolicy, policyListQuery } from "#lib/api/escalation.ts";
import { formatDuration } from "#lib/charts/format-number.ts";
import { prepareEscalationAnswer } from "#lib/charts/prepare-escalation-answer.ts";
import { plural } from "#lib/charts/sentence.ts";
import { QueryView, sayFailure } from "../request/query-view.tsx";
import { SettingsHeader } from "../settings/settings-header.tsx";
import { PageBody } from "../shell/page-header.tsx";
import { Badge } from "../ui/badge.tsx";
import { Button } from "../ui/button.tsx";
import { ConfirmDialog } from "../ui/confirm-dialog.tsx";
import { EmptyState } from "../ui/empty-state.tsx";
import { SkeletonTable } from "../ui/skeleton.tsx";
import { PolicyDialog } from "./policy-dialog.tsx";

/** Who is paged, and who when nobody answers? */
export function EscalationPage({ workspace }: { workspace: string }) {
  const client = useQueryClient();
  const query = useQuery(policyListQuery(workspace));
  const [isCreating, setIsCreating] = useState(false);
  const [editing, setEditing] = useState<EscalationPolicy | null>(null);
  const [deleting, setDeleting] = useState<EscalationPolicy | null>(null);
  const deletion = useMutation({
    mutationFn: ({ id }: EscalationPolicy) => deletePolicy(workspace, id),
    onSuccess: async () => {
      setDeleting(null);
      await client.invalidateQueries({ queryKey: ["escalation", workspace] });
    },
  });
  return (
    <>
      <SettingsHeader
        workspace={workspace}
        isFailed={query.isError}
        answer={query.data ? prepareEscalationAnswer(query.data.policies) : null}
        controls={
          <Button kind="primary" onClick={() => setIsCreating(true)}>
            <Plus size={14} aria-hidden />
            Make a policy
          </Button>
        }
      />
      <PageBody>
        <QueryView query={query} what="The policies" skeleton={<SkeletonTable rows={4} />}>
          {({ policies }) =>
            policies.length === 0 ? (
              <EmptyState
                title="There is no escalation policy"
                action={
                  <Button kind="primary" onClick={() => setIsCreating(true)}>
                    Make the first policy
                  </Button>
                }
              >
                Its first level is paged at once; the next one when nobody acknowledged in time.
                Levels page people, whoever a schedule has on call, or a whole team.
              </EmptyState>
            ) : (
              <ul className="grid gap-4 lg:grid-cols-2">
                {policies.map((policy) => (
                  <PolicyCard
                    key={policy.id}
                    policy={policy}
                    onEdit={() => setEditing(policy)}
                    onDelete={() => setDeleting(policy)}
                  />
                ))}
              </ul>
            )
          }
        </QueryView>
      </PageBody>
      <PolicyDialog
        workspace={workspace}
        policy={null}
        isOpen={isCreating}
        onOpenChange={setIsCreating}
      />
      {editing !== null && (
        <PolicyDialog
          key={`${editing.id} ${editing.revision}`}
          workspace={workspace}
          policy={editing}
          isOpen
          onOpenChange={() => setEditing(null)}
        />
      )}
      <ConfirmDialog
        isOpen={deleting !== null}
        onOpenChange={() => setDeleting(null)}
        title={`Delete the policy "${deleting?.name ?? ""}"`}
        description="Pages that are on their way go on by it. This can't be undone."
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

const minuteMs = 60_000;

function PolicyCard({
  policy,
  onEdit,
  onDelete,
}: {
  policy: EscalationPolicy;
  onEdit: () => void;
  onDelete: () => void;
}) {
  const { rules, levels, teams, problems } = policy;
  return (
    <li className="flex flex-col gap-3 rounded-lg border px-4 py-3">
      <div className="flex items-center gap-2">
        <h2 className="min-w-0 truncate font-semibold text-base">{policy.name}</h2>
        {policy.isDefault && <Badge>default</Badge>}
        <span className="ml-auto flex gap-1">
          <Button size="sm" kind="quiet" onClick={onDelete}>
            Delete
          </Button>
          <Button size="sm" onClick={onEdit}>
            Edit
          </Button>
        </span>
      </div>
      <ol className="flex flex-col gap-1.5 text-sm">
        {levels.map((level, index) => (
          // biome-ignore lint/suspicious/noArrayIndexKey: a level is its place
          <li key={index} className="flex gap-2">
            <span className="tabular w-5 shrink-0 text-ink-3">{index + 1}</span>
            <span className="min-w-0">
              {level}
              <span className="text-ink-3">
                , then {formatDuration((rules.levels[index]?.waitMinutes ?? 0) * minuteMs)}
              </span>
            </span>
          </li>
        ))}
      </ol>
      {problems.map((problem) => (
        <p key={problem} role="alert" className="text-breach text-sm">
          {problem}
        </p>
      ))}
      <p className="text-ink-2 text-xs">
        {rules.repeatCount === 0
          ? "Gone through once. "
          : `Repeated ${rules.repeatCount} ${plural(rules.repeatCount, "time")}. `}
        {rules.ackTimeoutMinutes === null
          ? "An acknowledgement holds. "
          : `An acknowledgement is asked about again after ${formatDuration(rules.ackTimeoutMinutes * minuteMs)}. `}
        {teams.length === 0 ? "No team uses it." : `Used by ${teams.join(", ")}.`}
      </p>
    </li>
  );
}
