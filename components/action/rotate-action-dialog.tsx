"use client";

import { useQueryClient } from "@tanstack/react-query";
import type { Action } from "#lib/api/action.ts";
import { rotateActionSecret } from "#lib/api/action.ts";
import { RotateSecretDialog } from "../key/rotate-secret-dialog.tsx";

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
  return (
    <RotateSecretDialog
      name={action.name}
      description="For 24 h calls carry both signatures, and reports are believed with either, so that the endpoint can change over."
      before="holds"
      rotate={() => rotateActionSecret(workspace, action.id)}
      onRotated={() => client.invalidateQueries({ queryKey: ["action", workspace] })}
      onClose={onClose}
    />
  );
}
