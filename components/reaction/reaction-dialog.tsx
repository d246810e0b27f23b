"use client";

import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import type { Action } from "#lib/api/action.ts";
import { modelListQuery } from "#lib/api/model.ts";
import type { Reaction } from "#lib/api/reaction.ts";
import { createReaction, updateReaction } from "#lib/api/reaction.ts";
import type { ReactionDraft } from "#lib/charts/draft-reaction.ts";
import {
  draftOfReaction,
  emptyReactionDraft,
  reactionEventNames,
  readReactionDraft,
  sayReaction,
} from "#lib/charts/draft-reaction.ts";
import { severities, severityNames } from "#lib/domain/incident.ts";
import { causeClasses } from "#lib/domain/monitor.ts";
import { reactionEventSchema, reactionLimits } from "#lib/domain/reaction.ts";
import { sayFailure } from "../request/query-view.tsx";
import { Button } from "../ui/button.tsx";
import { CheckList } from "../ui/check-list.tsx";
import { Dialog } from "../ui/dialog.tsx";
import { Field, Input } from "../ui/field.tsx";
import { Select } from "../ui/select.tsx";
import { GuardFields } from "./guard-fields.tsx";

const events = reactionEventSchema.options.map((value) => ({
  value,
  label: reactionEventNames[value],
}));
const tiers = ["1", "2", "3", "4", "5"];

/** Mounted while it is open: what was typed belongs to one reaction. */
export function ReactionDialog({
  workspace,
  actions,
  reaction,
  onClose,
}: {
  workspace: string;
  actions: readonly Action[];
  /** Null: a new one is added. */
  reaction: Reaction | null;
  onClose: () => void;
}) {
  const client = useQueryClient();
  const models = useQuery(modelListQuery(workspace));
  const [draft, setDraft] = useState<ReactionDraft>(() =>
    reaction === null
      ? { ...emptyReactionDraft, actionId: actions[0]?.id ?? "" }
      : draftOfReaction(reaction),
  );
  const patch = (change: Partial<ReactionDraft>) =>
    setDraft((before) => ({ ...before, ...change }));
  const saving = useMutation({
    mutationFn: () => {
      const { name, actionId } = draft;
      const body = { name, actionId, definition: readReactionDraft(draft) };
      return reaction === null
        ? createReaction(workspace, body)
        : updateReaction(workspace, {
            reactionId: reaction.id,
            revision: reaction.revision,
            ...body,
          });
    },
    onSuccess: async () => {
      onClose();
      await client.invalidateQueries({ queryKey: ["reaction", workspace] });
    },
  });
  const isWhole = draft.name.trim() !== "" && draft.actionId !== "";
  return (
    <Dialog
      isOpen
      onOpenChange={(isOpen) => !isOpen && onClose()}
      title={reaction === null ? "Add a reaction" : `Edit "${reaction.name}"`}
      description={`${sayReaction(readReactionDraft(draft))}. What happened before it is saved is not reacted to.`}
    >
      <form
        className="flex flex-col gap-4"
        onSubmit={(event) => {
          event.preventDefault();
          if (isWhole) saving.mutate();
        }}
      >
        <Field label="Name">
          {(control) => (
            <Input
              {...control}
              required
              autoFocus
              maxLength={reactionLimits.nameLengthMax}
              value={draft.name}
              onChange={({ target }) => patch({ name: target.value })}
            />
          )}
        </Field>
        <div className="grid gap-4 sm:grid-cols-2">
          <Field label="When">
            {({ id }) => (
              <Select
                id={id}
                label="When"
                value={draft.event}
                options={events}
                onChange={(value) => patch({ event: reactionEventSchema.parse(value) })}
              />
            )}
          </Field>
          <Field label="Call">
            {({ id }) => (
              <Select
                id={id}
                label="Call"
                value={draft.actionId}
                options={actions.map((action) => ({ value: action.id, label: action.name }))}
                onChange={(actionId) => patch({ actionId })}
              />
            )}
          </Field>
          {draft.event === "still_open" && (
            <Field label="After, minutes" help="Since it was found.">
              {(control) => (
                <Input
                  {...control}
                  inputMode="numeric"
                  value={draft.afterMinutes}
                  onChange={({ target }) => patch({ afterMinutes: target.value })}
                />
              )}
            </Field>
          )}
        </div>
        <p className="text-ink-3 text-xs">For which incidents; nothing chosen is all of them.</p>
        <div className="grid gap-4 sm:grid-cols-2">
          <CheckList
            label="Cause"
            empty=""
            options={causeClasses.map((value) => ({
              value,
              label: value.replaceAll("_", " "),
            }))}
            value={draft.causeClasses}
            onChange={(chosen) =>
              patch({ causeClasses: causeClasses.filter((each) => chosen.includes(each)) })
            }
          />
          <CheckList
            label="Severity"
            empty=""
            options={severities.map((value) => ({ value, label: severityNames[value] }))}
            value={draft.severities}
            onChange={(chosen) =>
              patch({ severities: severities.filter((each) => chosen.includes(each)) })
            }
          />
          <CheckList
            label="Tier of the model"
            empty=""
            options={tiers.map((value) => ({ value, label: `Tier ${value}` }))}
            value={draft.tiers}
            onChange={(chosen) => patch({ tiers: chosen })}
          />
          <CheckList
            label="Model"
            empty="No model was seen yet."
            options={(models.data?.models ?? []).map(({ name }) => ({ value: name, label: name }))}
            value={draft.models}
            onChange={(chosen) => patch({ models: chosen })}
          />
        </div>
        <GuardFields draft={draft} onChange={patch} />
        {saving.error !== null && (
          <p role="alert" className="text-breach text-sm">
            {sayFailure(saving.error)}
          </p>
        )}
        <div className="flex justify-end gap-2">
          <Button kind="quiet" onClick={onClose}>
            Cancel
          </Button>
          <Button kind="primary" type="submit" disabled={!isWhole || saving.isPending}>
            {reaction === null ? "Add" : "Save"}
          </Button>
        </div>
      </form>
    </Dialog>
  );
}
