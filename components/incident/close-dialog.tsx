"use client";

import { useState } from "react";
import { verdictHelp, verdictNames } from "#lib/charts/name-incident.ts";
import type { IncidentVerdict } from "#lib/domain/incident.ts";
import { incidentVerdicts } from "#lib/domain/incident.ts";
import { Button } from "../ui/button.tsx";
import { Dialog } from "../ui/dialog.tsx";
import { Field } from "../ui/field.tsx";
import type { DialogParts } from "./reason-dialog.tsx";
import { TextArea } from "./text-area.tsx";

export interface CloseDialogProps extends DialogParts {
  onDone: (verdict: IncidentVerdict, reason: string) => void;
}

/** How it turned out: what a monitor is judged by later. */
export function CloseDialog({ isBusy, failure, onClose, onDone }: CloseDialogProps) {
  const [verdict, setVerdict] = useState<IncidentVerdict | null>(null);
  const [reason, setReason] = useState("");
  return (
    <Dialog
      isOpen
      onOpenChange={(isOpen) => !isOpen && onClose()}
      title="Close with a verdict"
      description="What was it in the end? Verdicts show which monitors are worth their pages."
    >
      <form
        className="flex flex-col gap-4"
        onSubmit={(event) => {
          event.preventDefault();
          if (verdict !== null) onDone(verdict, reason.trim());
        }}
      >
        <fieldset className="flex flex-col gap-2">
          <legend className="sr-only">Verdict</legend>
          {incidentVerdicts.map((each) => (
            <label key={each} className="flex cursor-pointer items-start gap-2.5 text-sm">
              <input
                type="radio"
                name="verdict"
                value={each}
                checked={verdict === each}
                onChange={() => setVerdict(each)}
                className="mt-0.5 accent-(--color-accent)"
              />
              <span>
                <span className="font-medium">{verdictNames[each]}</span>
                <span className="block text-ink-3 text-xs">{verdictHelp[each]}</span>
              </span>
            </label>
          ))}
        </fieldset>
        <Field label="Note (may be left empty)" error={failure}>
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
          <Button type="submit" kind="primary" disabled={verdict === null || isBusy}>
            Close
          </Button>
        </div>
      </form>
    </Dialog>
  );
}
