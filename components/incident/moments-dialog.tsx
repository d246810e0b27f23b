"use client";

import { useState } from "react";
import type { Incident, IncidentPatch } from "#lib/api/incident.ts";
import { stampNames } from "#lib/charts/name-incident.ts";
import { incidentStampNames } from "#lib/domain/incident.ts";
import { Button } from "../ui/button.tsx";
import { Dialog } from "../ui/dialog.tsx";
import { Field, Input } from "../ui/field.tsx";
import type { DialogParts } from "./reason-dialog.tsx";
import { TextArea } from "./text-area.tsx";

export interface MomentsDialogProps extends DialogParts {
  incident: Incident;
  onDone: (patch: Omit<IncidentPatch, "revision">) => void;
}

const names = incidentStampNames.map((name) => ({ name, label: stampNames[name] }));

/** When things really happened: they come in their order, and every move is kept with its reason. */
export function MomentsDialog({ incident, isBusy, failure, onClose, onDone }: MomentsDialogProps) {
  const editable = names.filter(
    ({ name }) =>
      name === "impactStartedAt" ||
      incident[name] !== null ||
      (name === "mitigatedAt" && incident.state === "resolved"),
  );
  const [draft, setDraft] = useState<Record<string, string>>(() =>
    Object.fromEntries(editable.map(({ name }) => [name, incident[name] ?? ""])),
  );
  const [reason, setReason] = useState("");
  const moved = editable.filter(({ name }) => draft[name] !== (incident[name] ?? ""));
  const wrong = moved.filter(({ name }) => toIso(draft[name]) === null && draft[name] !== "");
  const isReady = moved.length > 0 && wrong.length === 0 && reason.trim() !== "";
  return (
    <Dialog
      isOpen
      onOpenChange={(isOpen) => !isOpen && onClose()}
      title="Correct the moments"
      description="In UTC, as 2026-11-21T03:22Z. They must come in their order and not lie ahead."
    >
      <form
        className="flex flex-col gap-4"
        onSubmit={(event) => {
          event.preventDefault();
          if (!isReady) return;
          const stamps = moved.map(({ name }) => [name, toIso(draft[name])]);
          onDone({ ...Object.fromEntries(stamps), reason: reason.trim() });
        }}
      >
        <div className="grid gap-4 sm:grid-cols-2">
          {editable.map(({ name, label }) => (
            <Field
              key={name}
              label={label}
              error={wrong.some((each) => each.name === name) ? "Not a moment in time" : null}
            >
              {(control) => (
                <Input
                  {...control}
                  value={draft[name] ?? ""}
                  spellCheck={false}
                  onChange={(event) => setDraft({ ...draft, [name]: event.target.value })}
                />
              )}
            </Field>
          ))}
        </div>
        <Field label="How do you know" help="It stands in the timeline." error={failure}>
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
            Save
          </Button>
        </div>
      </form>
    </Dialog>
  );
}

/** null: no moment. Without a zone it is UTC. */
function toIso(text: string | undefined): string | null {
  if (text === undefined || text.trim() === "") return null;
  const zoned = /Z$|[+-]\d{2}:?\d{2}$/.test(text.trim()) ? text.trim() : `${text.trim()}Z`;
  const timeMs = Date.parse(zoned);
  return Number.isNaN(timeMs) ? null : new Date(timeMs).toISOString();
}
