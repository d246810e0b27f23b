"use client";

import { useState } from "react";
import type { ActionItem } from "#lib/api/action-item.ts";
import { createActionItem, updateActionItem } from "#lib/api/action-item.ts";
import { actionItemKindNames, priorityNames } from "#lib/charts/name-action-item.ts";
import type { AcceptanceTest } from "#lib/domain/action-item.ts";
import {
  actionItemKindSchema,
  actionItemKinds,
  actionItemLimits,
  priorities,
  prioritySchema,
} from "#lib/domain/action-item.ts";
import { TextArea } from "../incident/text-area.tsx";
import { useChange } from "../postmortem/use-postmortem.ts";
import { sayFailure } from "../request/query-view.tsx";
import { Button } from "../ui/button.tsx";
import { Dialog } from "../ui/dialog.tsx";
import { Field, Input } from "../ui/field.tsx";
import { Segmented } from "../ui/segmented.tsx";
import { AcceptanceFields } from "./acceptance-fields.tsx";
import type { ItemOwner } from "./owner-select.tsx";
import { OwnerSelect } from "./owner-select.tsx";

export interface ActionItemDialogProps {
  workspace: string;
  /** Null: a new one. */
  item: ActionItem | null;
  /** Of which incident it is; null: of none, and then it has no test. */
  incident: { number: number; model: string | null } | null;
  onClose: () => void;
}

/** What is to be done, by whom, until when, and how to tell that it is done. */
export function ActionItemDialog({
  workspace,
  incident,
  onClose,
  ...props
}: ActionItemDialogProps) {
  // As it was when the dialog opened: what another saves meanwhile is refused by its revision, and not overwritten.
  const [item] = useState(props.item);
  const [title, setTitle] = useState(item?.title ?? "");
  const [description, setDescription] = useState(item?.description ?? "");
  const [kind, setKind] = useState(item?.kind ?? "detect");
  const [priority, setPriority] = useState(item?.priority ?? "p1");
  const [owner, setOwner] = useState<ItemOwner>(
    item?.owner == null ? null : { kind: item.owner.kind, id: item.owner.id },
  );
  const [dueOn, setDueOn] = useState(item?.dueOn ?? "");
  const [trackerUrl, setTrackerUrl] = useState(item?.trackerUrl ?? "");
  const [acceptance, setAcceptance] = useState<AcceptanceTest | null | undefined>(
    item?.acceptance ?? null,
  );
  const saving = useChange(workspace, async () => {
    const fields = {
      title,
      description,
      kind,
      priority,
      owner,
      dueOn: dueOn === "" ? null : dueOn,
      trackerUrl,
    };
    if (item === null)
      await createActionItem(workspace, {
        ...fields,
        acceptance: acceptance ?? null,
        ...(incident === null ? {} : { incident: incident.number }),
      });
    else {
      const isSame = JSON.stringify(acceptance) === JSON.stringify(item.acceptance);
      await updateActionItem(workspace, item.number, {
        ...fields,
        revision: item.revision,
        ...(isSame ? {} : { acceptance: acceptance ?? null }),
      });
    }
  });
  const failure = sayFailure(saving.error);
  const isReady = title.trim() !== "" && acceptance !== undefined;
  return (
    <Dialog
      isOpen
      onOpenChange={(isOpen) => !isOpen && onClose()}
      title={item === null ? "Add an action item" : `Edit A-${item.number}`}
      description="Begin with a verb, and say how to tell that it is done."
    >
      <form
        className="flex flex-col gap-4"
        onSubmit={(event) => {
          event.preventDefault();
          if (isReady) saving.mutate(undefined, { onSuccess: onClose });
        }}
      >
        <Field label="What is to be done">
          {(control) => (
            <Input
              {...control}
              value={title}
              maxLength={actionItemLimits.titleLengthMax}
              placeholder="Alert when more than 1 % of distances are missing"
              onChange={(event) => setTitle(event.target.value)}
            />
          )}
        </Field>
        <Field label="More about it">
          {(control) => (
            <TextArea
              {...control}
              value={description}
              maxLength={actionItemLimits.textLengthMax}
              onChange={(event) => setDescription(event.target.value)}
            />
          )}
        </Field>
        <div className="flex flex-wrap gap-4">
          <Segmented
            label="Kind"
            value={kind}
            options={actionItemKinds.map((value) => ({ value, label: actionItemKindNames[value] }))}
            onChange={(value) => setKind(actionItemKindSchema.parse(value))}
          />
          <Segmented
            label="Priority"
            value={priority}
            options={priorities.map((value) => ({ value, label: priorityNames[value] }))}
            onChange={(value) => setPriority(prioritySchema.parse(value))}
          />
        </div>
        <div className="grid gap-4 sm:grid-cols-2">
          <Field label="Owner" help="Needed before the postmortem is published.">
            {({ id }) => (
              <OwnerSelect id={id} workspace={workspace} value={owner} onChange={setOwner} />
            )}
          </Field>
          <Field label="Due" help="Reminders come before, on the day and every week after.">
            {(control) => (
              <Input
                {...control}
                type="date"
                value={dueOn}
                onChange={(event) => setDueOn(event.target.value)}
              />
            )}
          </Field>
        </div>
        <Field label="Tracker" help="Where the work is followed, if elsewhere.">
          {(control) => (
            <Input
              {...control}
              value={trackerUrl}
              placeholder="https://"
              onChange={(event) => setTrackerUrl(event.target.value)}
            />
          )}
        </Field>
        {incident !== null && (
          <AcceptanceFields
            workspace={workspace}
            incident={incident}
            value={item?.acceptance ?? null}
            onChange={setAcceptance}
          />
        )}
        {failure !== null && (
          <p role="alert" className="text-breach text-sm">
            {failure}
          </p>
        )}
        <div className="flex justify-end gap-2">
          <Button kind="quiet" onClick={onClose}>
            Cancel
          </Button>
          <Button type="submit" kind="primary" disabled={!isReady || saving.isPending}>
            Save
          </Button>
        </div>
      </form>
    </Dialog>
  );
}
