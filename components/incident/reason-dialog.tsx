"use client";

import { useState } from "react";
import { Button } from "../ui/button.tsx";
import { Dialog } from "../ui/dialog.tsx";
import { Field } from "../ui/field.tsx";
import { TextArea } from "./text-area.tsx";

export interface DialogParts {
  isBusy: boolean;
  failure: string | null;
  onClose: () => void;
}

export interface ReasonDialogProps extends DialogParts {
  title: string;
  description: string;
  label: string;
  isDue: boolean;
  onDone: (reason: string) => void;
}

/** Asks why; the answer goes to the timeline. */
export function ReasonDialog(props: ReasonDialogProps) {
  const { title, description, label, isDue, isBusy, failure, onClose, onDone } = props;
  const [reason, setReason] = useState("");
  const isReady = !isDue || reason.trim() !== "";
  return (
    <Dialog
      isOpen
      onOpenChange={(isOpen) => !isOpen && onClose()}
      title={title}
      description={description}
    >
      <form
        className="flex flex-col gap-4"
        onSubmit={(event) => {
          event.preventDefault();
          if (isReady) onDone(reason.trim());
        }}
      >
        <Field
          label={isDue ? label : `${label} (may be left empty)`}
          help="It stands in the timeline."
          error={failure}
        >
          {(control) => (
            <TextArea
              {...control}
              value={reason}
              maxLength={1_000}
              onChange={(event) => setReason(event.target.value)}
            />
          )}
        </Field>
        <div className="flex justify-end gap-2">
          <Button kind="quiet" onClick={onClose}>
            Cancel
          </Button>
          <Button type="submit" kind="primary" disabled={!isReady || isBusy}>
            {title}
          </Button>
        </div>
      </form>
    </Dialog>
  );
}
