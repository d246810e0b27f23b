"use client";

import { useState } from "react";
import { Button } from "../ui/button.tsx";
import { Dialog } from "../ui/dialog.tsx";
import { Field, Input } from "../ui/field.tsx";
import type { DialogParts } from "./reason-dialog.tsx";

export interface RenameDialogProps extends DialogParts {
  title: string;
  revision: number;
  onDone: (patch: { title: string; revision: number }) => void;
}

/** What the incident is called in lists and messages. */
export function RenameDialog({
  title,
  isBusy,
  failure,
  onClose,
  onDone,
  ...props
}: RenameDialogProps) {
  // The one at which somebody began to type: another's title is not overwritten unseen.
  const [revision] = useState(props.revision);
  const [text, setText] = useState(title);
  const isReady = text.trim().length >= 3 && text.trim() !== title;
  return (
    <Dialog isOpen onOpenChange={(isOpen) => !isOpen && onClose()} title="Rename">
      <form
        className="flex flex-col gap-4"
        onSubmit={(event) => {
          event.preventDefault();
          if (isReady) onDone({ title: text.trim(), revision });
        }}
      >
        <Field label="Title" help="From 3 to 200 characters." error={failure}>
          {(control) => (
            <Input
              {...control}
              value={text}
              maxLength={200}
              onChange={(event) => setText(event.target.value)}
            />
          )}
        </Field>
        <div className="flex justify-end gap-2">
          <Button kind="quiet" onClick={onClose}>
            Cancel
          </Button>
          <Button type="submit" kind="primary" disabled={!isReady || isBusy}>
            Rename
          </Button>
        </div>
      </form>
    </Dialog>
  );
}
