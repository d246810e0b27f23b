"use client";

import { useMutation, useQueryClient } from "@tanstack/react-query";
import type { Action } from "#lib/api/action.ts";
import { rotateActionSecret } from "#lib/api/action.ts";
import { SecretOnce } from "../key/secret-once.tsx";
import { sayFailure } from "../request/query-view.tsx";
import { Button } from "../ui/button.tsx";
import { Dialog } from "../ui/dialog.tsx";
import { TimeText } from "../ui/time-text.tsx";

export function RotateActionDialog({
  workspace,
  action,
  onClose,
}: {
  workspace: string;
  action: Action;
  onClose: () => void;
}) {
  const client = useQueryClient();
  const rotation = useMutation({
    mutationFn: () => rotateActionSecret(workspace, action.id),
    onSuccess: () => client.invalidateQueries({ queryKey: ["action", workspace] }),
  });
  return (
    <Dialog
      isOpen
      onOpenChange={(isOpen) => !isOpen && onClose()}
      title={`Rotate the secret of "${action.name}"`}
      description="For 24 h calls carry both signatures, and reports are believed with either, so that the endpoint can change over."
    >
      <div className="flex flex-col gap-4">
        {rotation.data !== undefined && (
          <>
            <SecretOnce secret={rotation.data.secret} what="secret" isHashed={false} />
            <p className="text-ink-2 text-sm">
              The one before holds until <TimeText iso={rotation.data.previousUntil} isAbsolute />.
            </p>
          </>
        )}
        {rotation.error !== null && (
          <p role="alert" className="text-breach text-sm">
            {sayFailure(rotation.error)}
          </p>
        )}
        <div className="flex justify-end gap-2">
          <Button kind="quiet" onClick={onClose}>
            {rotation.data === undefined ? "Cancel" : "I have copied it"}
          </Button>
          {rotation.data === undefined && (
            <Button kind="primary" disabled={rotation.isPending} onClick={() => rotation.mutate()}>
              Rotate it
            </Button>
          )}
        </div>
      </div>
    </Dialog>
  );
}
