"use client";

import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import type { Action } from "#lib/api/action.ts";
import { requestRun } from "#lib/api/action.ts";
import { sayRules } from "#lib/charts/name-action.ts";
import { actionLimits } from "#lib/domain/action.ts";
import { sayFailure } from "../request/query-view.tsx";
import { Button } from "../ui/button.tsx";
import { Dialog } from "../ui/dialog.tsx";
import { Field, Input } from "../ui/field.tsx";

/** What will happen is said before it is asked for. */
export function RequestDialog({
  workspace,
  incident,
  action,
  stepId = null,
  onClose,
}: {
  workspace: string;
  incident: number;
  action: Action;
  stepId?: string | null;
  onClose: () => void;
}) {
  const client = useQueryClient();
  const [reason, setReason] = useState("");
  const asking = useMutation({
    mutationFn: () => requestRun(workspace, { action: action.slug, incident, stepId, reason }),
    onSuccess: async () => {
      onClose();
      await Promise.all([
        client.invalidateQueries({ queryKey: ["action", workspace] }),
        client.invalidateQueries({ queryKey: ["incident", workspace] }),
      ]);
    },
  });
  const { approval } = action.definition;
  return (
    <Dialog
      isOpen
      onOpenChange={(isOpen) => !isOpen && onClose()}
      title={action.name}
      description={`Calls ${action.address} for incident #${incident}.`}
    >
      <form
        className="flex flex-col gap-4"
        onSubmit={(event) => {
          event.preventDefault();
          asking.mutate();
        }}
      >
        <ul className="flex list-disc flex-col gap-1 pl-5 text-ink-2 text-sm">
          {sayRules(action.definition).map((rule) => (
            <li key={rule}>{rule}</li>
          ))}
        </ul>
        <Field label="Why (may be left empty)" help="It stands in the timeline and goes along.">
          {(control) => (
            <Input
              {...control}
              autoFocus
              maxLength={actionLimits.reasonLengthMax}
              value={reason}
              onChange={(event) => setReason(event.target.value)}
            />
          )}
        </Field>
        {asking.error !== null && (
          <p role="alert" className="text-breach text-sm">
            {sayFailure(asking.error)}
          </p>
        )}
        <div className="flex justify-end gap-2">
          <Button kind="quiet" onClick={onClose}>
            Cancel
          </Button>
          <Button kind="primary" type="submit" disabled={asking.isPending}>
            {approval === "none" ? "Run it" : "Ask for approval"}
          </Button>
        </div>
      </form>
    </Dialog>
  );
}
