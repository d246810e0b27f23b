"use client";

import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import type { Destination } from "#lib/api/destination.ts";
import {
  createDestination,
  destinationListQuery,
  updateDestination,
} from "#lib/api/destination.ts";
import { destinationKindNames } from "#lib/charts/name-delivery.ts";
import type { DestinationKind } from "#lib/domain/destination.ts";
import { destinationKindSchema, destinationLimits } from "#lib/domain/destination.ts";
import { SecretOnce } from "../key/secret-once.tsx";
import { sayFailure } from "../request/query-view.tsx";
import { Button } from "../ui/button.tsx";
import { CopyButton } from "../ui/copy-button.tsx";
import { Dialog } from "../ui/dialog.tsx";
import { Field, Input } from "../ui/field.tsx";
import { Select } from "../ui/select.tsx";
import type { DestinationField, FieldValues } from "./destination-fields.ts";
import { destinationFields, initialValues, toSettings } from "./destination-fields.ts";

export interface EditDestinationDialogProps {
  workspace: string;
  /** Null: a new one is added. */
  destination: Destination | null;
  onClose: () => void;
}

const kindOptions = (Object.keys(destinationKindNames) as DestinationKind[]).map((value) => ({
  value,
  label: destinationKindNames[value],
}));

/** Mounted while it is open: what was typed belongs to one destination. */
export function EditDestinationDialog({
  workspace,
  destination,
  onClose,
}: EditDestinationDialogProps) {
  const client = useQueryClient();
  const [kind, setKind] = useState<DestinationKind>(destination?.kind ?? "slack_bot");
  const [name, setName] = useState(destination?.name ?? "");
  const [values, setValues] = useState<FieldValues>(() =>
    initialValues(kind, destination?.settings),
  );
  const saving = useMutation({
    mutationFn: () => save(workspace, destination, { name, kind, values }),
    onSuccess: (secret) => {
      if (secret === null) onClose();
      return client.invalidateQueries({ queryKey: destinationListQuery(workspace).queryKey });
    },
  });
  const secret = saving.data ?? null;
  const choose = (next: DestinationKind) => {
    setKind(next);
    setValues(initialValues(next));
    saving.reset();
  };
  return (
    <Dialog
      isOpen
      onOpenChange={(isOpen) => {
        if (!isOpen) onClose();
      }}
      title={destination === null ? "Add a destination" : `Edit "${destination.name}"`}
    >
      {secret !== null ? (
        <div className="flex flex-col gap-4">
          <p className="text-ink-2 text-sm">The receiver verifies our messages with this secret.</p>
          <SecretOnce secret={secret} what="secret" isHashed={false} />
          <Button kind="primary" className="self-end" onClick={onClose}>
            I have copied it
          </Button>
        </div>
      ) : (
        <form
          className="flex flex-col gap-4"
          onSubmit={(event) => {
            event.preventDefault();
            saving.mutate();
          }}
        >
          {destination === null && (
            <Field label="Kind">
              {({ id }) => (
                <Select
                  id={id}
                  label="Kind"
                  value={kind}
                  options={kindOptions}
                  onChange={(value) => choose(destinationKindSchema.parse(value))}
                />
              )}
            </Field>
          )}
          <Field label="Name" help="As people know it, such as the channel's or the team's name.">
            {(control) => (
              <Input
                {...control}
                required
                autoFocus
                maxLength={destinationLimits.nameLengthMax}
                value={name}
                onChange={(event) => setName(event.target.value)}
              />
            )}
          </Field>
          {destinationFields[kind].map((field) => (
            <SettingField
              key={field.name}
              field={field}
              isSet={destination?.secrets.includes(field.name) ?? false}
              value={values[field.name] ?? ""}
              onChange={(value) => setValues({ ...values, [field.name]: value })}
            />
          ))}
          {destination !== null && <WayBack destination={destination} />}
          {saving.error !== null && (
            <p role="alert" className="text-breach text-sm">
              {sayFailure(saving.error)}
            </p>
          )}
          <div className="flex justify-end gap-2">
            <Button kind="quiet" onClick={onClose}>
              Cancel
            </Button>
            <Button kind="primary" type="submit" disabled={name.trim() === "" || saving.isPending}>
              {saveLabel(destination === null, saving.isPending)}
            </Button>
          </div>
        </form>
      )}
    </Dialog>
  );
}

/** Where the receiver sends what people do there. */
function WayBack({ destination: { id, kind } }: { destination: Destination }) {
  if (kind !== "pagerduty" && kind !== "slack_bot") return null;
  const path = kind === "pagerduty" ? `pagerduty/${id}` : "slack";
  const address = `${window.location.origin}/api/v1/inbound/${path}`;
  const where =
    kind === "pagerduty"
      ? "The address of the V3 webhook subscription in PagerDuty"
      : "The request URL of the app's interactivity in Slack";
  return (
    <div className="min-w-0">
      <p className="font-medium text-sm">{where}</p>
      <div className="mt-1 flex items-center gap-2">
        <code className="min-w-0 flex-1 select-all break-all font-mono text-ink-2 text-xs">
          {address}
        </code>
        <CopyButton text={address} label="Copy the address" />
      </div>
    </div>
  );
}

function saveLabel(isNew: boolean, isPending: boolean): string {
  if (isPending) return isNew ? "Adding" : "Saving";
  return isNew ? "Add" : "Save";
}

/** The secret that was minted for it, if one was. */
async function save(
  workspace: string,
  destination: Destination | null,
  { name, kind, values }: { name: string; kind: DestinationKind; values: FieldValues },
): Promise<string | null> {
  const settings = toSettings(kind, values);
  if (destination === null) {
    // Safe: the server holds the settings against those of the kind and says what does not fit.
    const body = { name, kind, settings } as unknown as Parameters<typeof createDestination>[1];
    return (await createDestination(workspace, body)).secret;
  }
  await updateDestination(workspace, { destinationId: destination.id, name, settings });
  return null;
}

function SettingField({
  field,
  isSet,
  value,
  onChange,
}: {
  field: DestinationField;
  isSet: boolean;
  value: string;
  onChange: (value: string) => void;
}) {
  const { label, help, kind, options = [], isOptional = false, placeholder } = field;
  return (
    <Field label={isOptional ? `${label} (optional)` : label} help={help}>
      {(control) =>
        kind === "choice" ? (
          <Select
            id={control.id}
            label={label}
            value={value}
            options={options}
            onChange={onChange}
          />
        ) : (
          <Input
            {...control}
            type={kind === "secret" ? "password" : "text"}
            inputMode={kind === "number" ? "numeric" : undefined}
            required={!isOptional && !isSet}
            autoComplete="off"
            spellCheck={false}
            placeholder={isSet ? "set; left empty it stays" : placeholder}
            value={value}
            onChange={(event) => onChange(event.target.value)}
          />
        )
      }
    </Field>
  );
}
