"use client";

import { useState } from "react";
import type { PostmortemEntry } from "#lib/api/postmortem.ts";
import { addEntry, updateEntry } from "#lib/api/postmortem.ts";
import { readLocalTime, toLocalTime } from "#lib/charts/local-time.ts";
import { postmortemLimits } from "#lib/domain/postmortem.ts";
import { TextArea } from "../incident/text-area.tsx";
import { sayFailure } from "../request/query-view.tsx";
import { Button } from "../ui/button.tsx";
import { Dialog } from "../ui/dialog.tsx";
import { Field, Input } from "../ui/field.tsx";
import { useZone } from "../ui/use-zone.ts";
import { useChange } from "./use-postmortem.ts";

/** One entry of the curated timeline. */
export function EntryDialog({
  workspace,
  incident,
  entry,
  onClose,
}: {
  workspace: string;
  incident: number;
  entry: PostmortemEntry | null;
  onClose: () => void;
}) {
  const zone = useZone();
  const [when, setWhen] = useState(
    entry === null ? "" : toLocalTime(Date.parse(entry.occurredAt), zone),
  );
  const [text, setText] = useState(entry?.text ?? "");
  const [link, setLink] = useState(entry?.link ?? "");
  const atMs = readLocalTime(when, zone);
  const saving = useChange(workspace, () => {
    const occurredAt = new Date(atMs ?? 0).toISOString();
    // To the minute that is shown: what was not touched keeps its seconds.
    const isMoved = entry === null || when !== toLocalTime(Date.parse(entry.occurredAt), zone);
    return entry === null
      ? addEntry(workspace, incident, { occurredAt, text, link })
      : updateEntry(workspace, incident, entry.id, {
          revision: entry.revision,
          text,
          link,
          ...(isMoved ? { occurredAt } : {}),
        });
  });
  const isReady = atMs !== null && text.trim() !== "";
  const original = entry?.originalText ?? null;
  return (
    <Dialog
      isOpen
      onOpenChange={(isOpen) => !isOpen && onClose()}
      title={entry === null ? "Add an entry" : "Word it anew"}
    >
      <form
        className="flex flex-col gap-4"
        onSubmit={(event) => {
          event.preventDefault();
          if (isReady) saving.mutate(undefined, { onSuccess: onClose });
        }}
      >
        <Field label="When" help={`By the clock of ${zone}.`}>
          {(control) => (
            <Input
              {...control}
              type="datetime-local"
              value={when}
              onChange={(event) => setWhen(event.target.value)}
            />
          )}
        </Field>
        <Field
          label="What happened"
          help={
            original !== null && original !== text ? (
              <>
                It said: “{original}”{" "}
                <button type="button" className="text-accent" onClick={() => setText(original)}>
                  Bring it back
                </button>
              </>
            ) : (
              "What was seen and done, and what was not known then."
            )
          }
        >
          {(control) => (
            <TextArea
              {...control}
              value={text}
              maxLength={postmortemLimits.entryLengthMax}
              onChange={(event) => setText(event.target.value)}
            />
          )}
        </Field>
        <Field
          label="Evidence"
          help="A link to a query, a chart or a change."
          error={sayFailure(saving.error)}
        >
          {(control) => (
            <Input
              {...control}
              value={link}
              placeholder="https://"
              onChange={(event) => setLink(event.target.value)}
            />
          )}
        </Field>
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
