"use client";

import { useState } from "react";
import type { PostmortemCandidate } from "#lib/api/postmortem.ts";
import { nameSettings } from "#lib/charts/name-postmortem.ts";
import type { MonitorQuestion } from "#lib/domain/monitor-definition.ts";
import { findContradictions } from "#lib/domain/monitor-definition.ts";
import { Button } from "../ui/button.tsx";
import { Dialog } from "../ui/dialog.tsx";
import { Field, Input } from "../ui/field.tsx";
import { CandidateFields } from "./candidate-fields.tsx";

/** Settings that are replayed beside the monitors, to see what they would have found and cost. */
export function CandidateDialog({
  workspace,
  model,
  onClose,
  onDone,
}: {
  workspace: string;
  model: string;
  onClose: () => void;
  onDone: (candidate: PostmortemCandidate) => void;
}) {
  const [question, setQuestion] = useState<MonitorQuestion | null>(null);
  const [name, setName] = useState("");
  const isReady = question !== null && findContradictions(question).length === 0;
  return (
    <Dialog
      isOpen
      onOpenChange={(isOpen) => !isOpen && onClose()}
      title="Consider other settings"
      description="Nothing is saved but the postmortem: no monitor changes."
    >
      <form
        className="flex flex-col gap-4"
        onSubmit={(event) => {
          event.preventDefault();
          if (question !== null && isReady)
            onDone({ name: name.trim() === "" ? nameSettings(question) : name.trim(), question });
        }}
      >
        <CandidateFields
          workspace={workspace}
          model={model}
          question={question}
          onChange={setQuestion}
        />
        {question !== null && (
          <Field label="Name" help="What the table calls it.">
            {(control) => (
              <Input
                {...control}
                value={name}
                maxLength={120}
                placeholder={nameSettings(question)}
                onChange={(event) => setName(event.target.value)}
              />
            )}
          </Field>
        )}
        <div className="flex justify-end gap-2">
          <Button kind="quiet" onClick={onClose}>
            Cancel
          </Button>
          <Button type="submit" kind="primary" disabled={!isReady}>
            Consider
          </Button>
        </div>
      </form>
    </Dialog>
  );
}
