"use client";

import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { Plus } from "lucide-react";
import { useMemo, useState } from "react";
import type { Key } from "#lib/api/key.ts";
import { keyListQuery, revokeKey } from "#lib/api/key.ts";
import { prepareKeyAnswer } from "#lib/charts/prepare-key-answer.ts";
import { QueryView, sayFailure } from "../request/query-view.tsx";
import { SettingsHeader } from "../settings/settings-header.tsx";
import { PageBody } from "../shell/page-header.tsx";
import { Button } from "../ui/button.tsx";
import { ConfirmDialog } from "../ui/confirm-dialog.tsx";
import { SkeletonTable } from "../ui/skeleton.tsx";
import { useNow } from "../ui/use-now.ts";
import { CreateKeyDialog } from "./create-key-dialog.tsx";
import { KeyTable } from "./key-table.tsx";

export function KeysPage({ workspace }: { workspace: string }) {
  const client = useQueryClient();
  const query = useQuery(keyListQuery(workspace));
  const nowMs = useNow(5_000);
  const [isCreating, setIsCreating] = useState(false);
  const [revoking, setRevoking] = useState<Key | null>(null);
  const revocation = useMutation({
    mutationFn: ({ id }: Key) => revokeKey(workspace, id),
    onSuccess: async () => {
      setRevoking(null);
      await client.invalidateQueries({ queryKey: keyListQuery(workspace).queryKey });
    },
  });
  const keys = useMemo(
    () =>
      [...(query.data?.keys ?? [])].sort(
        (a, b) => Number(a.revokedAt !== null) - Number(b.revokedAt !== null),
      ),
    [query.data],
  );
  return (
    <>
      <SettingsHeader
        workspace={workspace}
        isFailed={query.isError}
        answer={query.data && nowMs !== null ? prepareKeyAnswer(query.data.keys, nowMs) : null}
        controls={
          <Button kind="primary" onClick={() => setIsCreating(true)}>
            <Plus size={14} aria-hidden />
            Create a key
          </Button>
        }
      />
      <PageBody>
        <QueryView query={query} what="The keys" skeleton={<SkeletonTable rows={4} />}>
          {() => <KeyTable keys={keys} onRevoke={setRevoking} />}
        </QueryView>
      </PageBody>
      <CreateKeyDialog workspace={workspace} isOpen={isCreating} onOpenChange={setIsCreating} />
      <ConfirmDialog
        isOpen={revoking !== null}
        onOpenChange={(isOpen) => {
          if (!isOpen) setRevoking(null);
        }}
        title={`Revoke the key "${revoking?.name ?? ""}"`}
        description="Whatever sends with it is refused within a minute. This can't be undone."
        name={revoking?.name ?? ""}
        action="Revoke it"
        isBusy={revocation.isPending}
        error={sayFailure(revocation.error)}
        onConfirm={() => {
          if (revoking !== null) revocation.mutate(revoking);
        }}
      />
    </>
  );
}
