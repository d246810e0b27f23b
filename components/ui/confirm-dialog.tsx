"use client";

import type { ReactNode } from "react";
import { useState } from "react";
import { Button } from "./button.tsx";
import { Dialog } from "./dialog.tsx";
import { Field, Input } from "./field.tsx";

export interface ConfirmDialogProps {
  isOpen: boolean;
  onOpenChange: (isOpen: boolean) => void;
  title: string;
  description: ReactNode;
  /** What must be typed: destroying asks with the name of the thing. */
  name: string;
  action: string;
  isBusy: boolean;
  error: string | null;
  onConfirm: () => void;
}

export function ConfirmDialog(props: ConfirmDialogProps) {
  const [typed, setTyped] = useState("");
  const close = (isOpen: boolean) => {
    setTyped("");
    props.onOpenChange(isOpen);
  };
  return (
    <Dialog
      isOpen={props.isOpen}
      onOpenChange={close}
      title={props.title}
      description={props.description}
    >
      <form
        className="flex flex-col gap-4"
        onSubmit={(event) => {
          event.preventDefault();
          if (typed === props.name) props.onConfirm();
        }}
      >
        <Field label={`Type "${props.name}" to confirm`} error={props.error}>
          {(control) => (
            <Input
              {...control}
              value={typed}
              autoComplete="off"
              spellCheck={false}
              onChange={(event) => setTyped(event.target.value)}
            />
          )}
        </Field>
        <div className="flex justify-end gap-2">
          <Button kind="quiet" onClick={() => close(false)}>
            Cancel
          </Button>
          <Button kind="danger" type="submit" disabled={typed !== props.name || props.isBusy}>
            {props.isBusy ? "Working" : props.action}
          </Button>
        </div>
      </form>
    </Dialog>
  );
}
