"use client";

import { useState } from "react";
import type { Incident, StatusUpdate } from "#lib/api/incident.ts";
import { phaseHelp } from "#lib/charts/name-incident.ts";
import { newestPhase } from "#lib/charts/newest-update.ts";
import { incidentPhaseSchema, incidentPhases } from "#lib/domain/incident.ts";
import { useDraft } from "../timeline/use-draft.ts";
import { Button } from "../ui/button.tsx";
import { Dialog } from "../ui/dialog.tsx";
import { Field } from "../ui/field.tsx";
import { Select } from "../ui/select.tsx";
import type { DialogParts } from "./reason-dialog.tsx";
import { TextArea } from "./text-area.tsx";

export interface StatusUpdateDialogProps extends DialogParts {
  workspace: string;
  incident: Incident;
  onDone: (update: StatusUpdate) => void;
}

export const updateDraft = (workspace: string, number: number): string =>
  `update ${workspace} ${number}`;

/** How far it is, in words for those who wait. */
export function StatusUpdateDialog(props: StatusUpdateDialogProps) {
  const { workspace, incident, isBusy, failure, onClose, onDone } = props;
  const [phase, setPhase] = useState(newestPhase(incident.timeline) ?? "investigating");
  const [text, setText] = useDraft(updateDraft(workspace, incident.number));
  return (
    <Dialog
      isOpen
      onOpenChange={(isOpen) => !isOpen && onClose()}
      title="Status update"
      description={
        incident.isHeld
          ? "A silence keeps messages back: it stands in the timeline and is sent to nobody, also not later."
          : "It goes where the incident was told, into the same thread where there is one, and to the timeline."
      }
    >
      <form
        className="flex flex-col gap-4"
        onSubmit={(event) => {
          event.preventDefault();
          if (text.trim() !== "") onDone({ phase, text: text.trim() });
        }}
      >
        <Field label="How far it is">
          {({ id }) => (
            <Select
              id={id}
              label="How far it is"
              value={phase}
              options={incidentPhases.map((value) => ({ value, label: phaseHelp[value] }))}
              onChange={(value) => setPhase(incidentPhaseSchema.parse(value))}
            />
          )}
        </Field>
        <Field
          label="What to tell"
          help="What is known, what is done next, and when you write again."
          error={failure}
        >
          {(control) => (
            <TextArea
              {...control}
              rows={4}
              value={text}
              maxLength={900}
              onChange={(event) => setText(event.target.value)}
            />
          )}
        </Field>
        <div className="flex justify-end gap-2">
          <Button kind="quiet" onClick={onClose}>
            Cancel
          </Button>
          <Button type="submit" kind="primary" disabled={text.trim() === "" || isBusy}>
            Send
          </Button>
        </div>
      </form>
    </Dialog>
  );
}
