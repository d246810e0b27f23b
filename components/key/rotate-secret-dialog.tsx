"use client";

import { useMutation } from "@tanstack/react-query";
import { sayFailure } from "../request/query-view.tsx";
import { Button } from "../ui/button.tsx";
import { Dialog } from "../ui/dialog.tsx";
import { TimeText } from "../ui/time-text.tsx";
import { SecretOnce } from "./secret-once.tsx";

/** Makes a new signing secret and shows it once. */
export function RotateSecretDialog({
  name,
  description,
  before,
  rotate,
  onRotated,
  onClose,
}: {
  /** Of what has the secret. */
  name: string;
  description: string;
  /** What the one before still does. */
  before: "signs" | "holds";
  rotate: () => Promise<{ secret: string; previousUntil: string }>;
  onRotated?: () => unknown;
  onClose: () => void;
}) {
  const rotation = useMutation({
    mutationFn: rotate,
    ...(onRotated !== undefined && { onSuccess: onRotated }),
  });
  return (
    <Dialog
      isOpen
      onOpenChange={(isOpen) => !isOpen && onClose()}
      title={`Rotate the secret of "${name}"`}
      description={description}
    >
      <div className="flex flex-col gap-4">
        {rotation.data !== undefined && (
          <>
            <SecretOnce secret={rotation.data.secret} what="secret" isHashed={false} />
            <p className="text-ink-2 text-sm">
              The one before {before} until{" "}
              <TimeText iso={rotation.data.previousUntil} isAbsolute />.
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
