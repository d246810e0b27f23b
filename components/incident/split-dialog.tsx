"use client";

import { useState } from "react";
import type { Incident } from "#lib/api/incident.ts";
import { Button } from "../ui/button.tsx";
import { CheckList } from "../ui/check-list.tsx";
import { Dialog } from "../ui/dialog.tsx";
import { Field, Input } from "../ui/field.tsx";
import type { DialogParts } from "./reason-dialog.tsx";

export interface SplitDialogProps extends DialogParts {
  incident: Incident;
  onDone: (alertIds: string[], title: string) => void;
}

/** Two troubles in one incident become two. */
export function SplitDialog({ incident, isBusy, failure, onClose, onDone }: SplitDialogProps) {
  const [chosen, setChosen] = useState<string[]>([]);
  const [title, setTitle] = useState("");
  const refusal = refuse(incident, chosen);
  return (
    <Dialog
      isOpen
      onOpenChange={(isOpen) => !isOpen && onClose()}
      title={`Split alerts off #${incident.number}`}
      description="They go into an incident of their own, with the same people. What the same series find later goes there, too."
    >
      <form
        className="flex flex-col gap-4"
        onSubmit={(event) => {
          event.preventDefault();
          if (refusal === null) onDone(chosen, title.trim());
        }}
      >
        <CheckList
          label="Alerts that leave"
          empty="It has no alert."
          value={chosen}
          onChange={setChosen}
          options={incident.alerts.map(({ id, target, monitorName, state }) => ({
            value: id,
            label: `${target}, ${monitorName}${state === "firing" ? "" : " (over)"}`,
          }))}
        />
        <Field
          label="Title (may be left empty)"
          help="Named after the model and the cause if it is."
          error={failure}
        >
          {(control) => (
            <Input
              {...control}
              value={title}
              maxLength={200}
              onChange={(event) => setTitle(event.target.value)}
            />
          )}
        </Field>
        {chosen.length > 0 && refusal !== null && <p className="text-ink-2 text-sm">{refusal}</p>}
        <div className="flex justify-end gap-2">
          <Button kind="quiet" onClick={onClose}>
            Cancel
          </Button>
          <Button type="submit" kind="primary" disabled={refusal !== null || isBusy}>
            Split off
          </Button>
        </div>
      </form>
    </Dialog>
  );
}

/** As the rule will judge it, said before it is asked. */
function refuse({ alerts, endsByHand }: Incident, chosen: readonly string[]): string | null {
  const firing = alerts.filter(({ state }) => state === "firing");
  const leaving = firing.filter(({ id }) => chosen.includes(id));
  if (leaving.length === 0) return "At least one of them has to fire.";
  if (!endsByHand && leaving.length === firing.length)
    return "At least one that fires has to stay.";
  return null;
}
