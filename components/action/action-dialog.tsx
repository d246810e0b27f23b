"use client";

import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import type { Action } from "#lib/api/action.ts";
import { createAction, updateAction } from "#lib/api/action.ts";
import type { ActionDraft } from "#lib/charts/draft-action.ts";
import {
  bodyProblem,
  draftOfAction,
  emptyActionDraft,
  readActionDraft,
  slugOf,
} from "#lib/charts/draft-action.ts";
import { actionLimits } from "#lib/domain/action.ts";
import { SecretOnce } from "../key/secret-once.tsx";
import { sayFailure } from "../request/query-view.tsx";
import { Button } from "../ui/button.tsx";
import { Dialog } from "../ui/dialog.tsx";
import { Field, Input } from "../ui/field.tsx";
import { ActionCallFields } from "./action-call-fields.tsx";
import { ActionRuleFields } from "./action-rule-fields.tsx";

/** Mounted while it is open: what was typed belongs to one action. */
export function ActionDialog({
  workspace,
  action,
  onClose,
}: {
  workspace: string;
  /** Null: a new one is added. */
  action: Action | null;
  onClose: () => void;
}) {
  const client = useQueryClient();
  const [draft, setDraft] = useState<ActionDraft>(() =>
    action === null ? emptyActionDraft : draftOfAction(action),
  );
  const patch = (change: Partial<ActionDraft>) => setDraft((before) => ({ ...before, ...change }));
  const saving = useMutation({
    mutationFn: () => save(workspace, action, draft),
    onSuccess: async (secret) => {
      if (secret === null) onClose();
      await client.invalidateQueries({ queryKey: ["action", workspace] });
    },
  });
  const secret = saving.data ?? null;
  const isWhole =
    draft.name.trim() !== "" &&
    (action !== null || draft.url.trim() !== "") &&
    bodyProblem(draft) === null;
  return (
    <Dialog
      isOpen
      onOpenChange={(isOpen) => !isOpen && onClose()}
      title={action === null ? "Add an action" : `Edit "${action.name}"`}
    >
      {secret !== null ? (
        <div className="flex flex-col gap-4">
          <p className="text-ink-2 text-sm">
            The endpoint verifies our calls with this secret, and signs its reports with it.
          </p>
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
            if (isWhole) saving.mutate();
          }}
        >
          <div className="grid gap-4 sm:grid-cols-2">
            <Field label="Name">
              {(control) => (
                <Input
                  {...control}
                  required
                  autoFocus
                  maxLength={actionLimits.nameLengthMax}
                  value={draft.name}
                  onChange={({ target }) =>
                    patch({
                      name: target.value,
                      ...(action === null ? { slug: slugOf(target.value) } : {}),
                    })
                  }
                />
              )}
            </Field>
            <Field label="Slug" help="How runbooks name it; it stays.">
              {(control) => (
                <Input
                  {...control}
                  required
                  className="font-mono"
                  disabled={action !== null}
                  value={draft.slug}
                  onChange={({ target }) => patch({ slug: target.value })}
                />
              )}
            </Field>
          </div>
          <ActionCallFields
            draft={draft}
            isNew={action === null}
            hasToken={action?.hasToken ?? false}
            onChange={patch}
          />
          <ActionRuleFields draft={draft} onChange={patch} />
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
              {action === null ? "Add" : "Save"}
            </Button>
          </div>
        </form>
      )}
    </Dialog>
  );
}

/** The secret that was minted for a new one. */
async function save(
  workspace: string,
  action: Action | null,
  draft: ActionDraft,
): Promise<string | null> {
  const definition = readActionDraft(draft);
  const { name } = draft;
  const url = draft.url.trim();
  const token = draft.token.trim();
  if (action === null) {
    const bearerToken = token === "" ? null : token;
    const body = { slug: draft.slug, name, url, bearerToken, definition };
    return (await createAction(workspace, body)).secret;
  }
  await updateAction(workspace, {
    actionId: action.id,
    revision: action.revision,
    name,
    definition,
    ...(url === "" ? {} : { url }),
    ...(token === "" ? {} : { bearerToken: token }),
  });
  return null;
}
