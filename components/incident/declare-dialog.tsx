"use client";

import { useMutation, useQuery } from "@tanstack/react-query";
import { useRouter } from "next/navigation";
import { useState } from "react";
import { declareIncident } from "#lib/api/incident.ts";
import { modelListQuery } from "#lib/api/model.ts";
import { severityHelp } from "#lib/charts/name-incident.ts";
import type { Severity } from "#lib/domain/incident.ts";
import { severities, severityNames, severitySchema } from "#lib/domain/incident.ts";
import { sayFailure } from "../request/query-view.tsx";
import { paths } from "../shell/paths.ts";
import { Button } from "../ui/button.tsx";
import { Dialog } from "../ui/dialog.tsx";
import { Field, Input } from "../ui/field.tsx";
import { Select } from "../ui/select.tsx";
import { TextArea } from "./text-area.tsx";

const noModel = "*";

/** Opens an incident that no monitor found. */
export function DeclareDialog({ workspace, onClose }: { workspace: string; onClose: () => void }) {
  const router = useRouter();
  const models = useQuery(modelListQuery(workspace));
  const [title, setTitle] = useState("");
  const [reason, setReason] = useState("");
  const [model, setModel] = useState(noModel);
  const [severity, setSeverity] = useState<Severity>("sev3");
  const declare = useMutation({
    mutationFn: () =>
      declareIncident(workspace, {
        title,
        reason,
        severity,
        ...(model === noModel ? {} : { model }),
      }),
    onSuccess: ({ number }) => router.push(paths.incident(workspace, number)),
  });
  const failure = sayFailure(declare.error);
  const isReady = title.trim().length >= 3 && reason.trim() !== "";
  return (
    <Dialog
      isOpen
      onOpenChange={(isOpen) => !isOpen && onClose()}
      title="Declare an incident"
      description="For what no monitor saw. It stays open until a person resolves it."
    >
      <form
        className="flex flex-col gap-4"
        onSubmit={(event) => {
          event.preventDefault();
          if (isReady) declare.mutate();
        }}
      >
        <Field label="What is wrong" help="One line, as you would say it on the phone.">
          {(control) => (
            <Input
              {...control}
              value={title}
              maxLength={200}
              onChange={(event) => setTitle(event.target.value)}
            />
          )}
        </Field>
        <Field label="How do you know" help="It is the first entry of the timeline.">
          {(control) => (
            <TextArea
              {...control}
              value={reason}
              maxLength={1_000}
              onChange={(event) => setReason(event.target.value)}
            />
          )}
        </Field>
        <div className="grid gap-4 sm:grid-cols-2">
          <Field label="Model">
            {({ id }) => (
              <Select
                id={id}
                label="Model"
                value={model}
                options={[
                  { value: noModel, label: "No single model" },
                  ...(models.data?.models ?? []).map(({ name }) => ({ value: name, label: name })),
                ]}
                onChange={setModel}
              />
            )}
          </Field>
          <Field label="Severity" help={severityHelp[severity]}>
            {({ id }) => (
              <Select
                id={id}
                label="Severity"
                value={severity}
                options={severities.map((value) => ({ value, label: severityNames[value] }))}
                onChange={(value) => setSeverity(severitySchema.parse(value))}
              />
            )}
          </Field>
        </div>
        {failure !== null && (
          <p role="alert" className="text-breach text-sm">
            {failure}
          </p>
        )}
        <div className="flex justify-end gap-2">
          <Button kind="quiet" onClick={onClose}>
            Cancel
          </Button>
          <Button type="submit" kind="primary" disabled={!isReady || declare.isPending}>
            Declare
          </Button>
        </div>
      </form>
    </Dialog>
  );
}
