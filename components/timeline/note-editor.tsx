"use client";

import { useState } from "react";
import { RequestError } from "#lib/api/request.ts";
import type { TimelineEntry } from "#lib/api/timeline.ts";
import { readLocalTime, toLocalTime } from "#lib/charts/local-time.ts";
import { TextArea } from "../incident/text-area.tsx";
import { sayFailure } from "../request/query-view.tsx";
import { Button } from "../ui/button.tsx";
import { Dialog } from "../ui/dialog.tsx";
import { Field, Input } from "../ui/field.tsx";
import { useZone } from "../ui/use-zone.ts";
import { useChangeTimeline } from "./use-timeline.ts";

export interface NoteEditorProps {
  workspace: string;
  number: number;
  /** As it stands now, which may be newer than when the editor was opened. */
  entry: TimelineEntry;
  onClose: () => void;
}

/** Corrects a note. What it said before stays with it, and two who correct the same one see both versions. */
export function NoteEditor({ workspace, number, entry, onClose }: NoteEditorProps) {
  const zone = useZone();
  const [text, setText] = useState(entry.text);
  const [at, setAt] = useState(() => toLocalTime(Date.parse(entry.occurredAt), zone));
  const [read, setRead] = useState(entry.revision);
  const change = useChangeTimeline(workspace, number, onClose);
  const isStale = change.error instanceof RequestError && change.error.problem.code === "stale";
  const atMs = readLocalTime(at, zone);
  const isMoved = at !== toLocalTime(Date.parse(entry.occurredAt), zone);
  const isChanged = text.trim() !== entry.text || isMoved;
  return (
    <Dialog
      isOpen
      onOpenChange={(isOpen) => !isOpen && onClose()}
      title="Correct the note"
      description="What it said before is kept and shown with it."
    >
      <form
        className="flex flex-col gap-4"
        onSubmit={(event) => {
          event.preventDefault();
          if (text.trim() === "" || atMs === null) return;
          change.mutate({
            kind: "patch",
            entryId: entry.id,
            patch: {
              text: text.trim(),
              revision: read,
              ...(isMoved ? { occurredAt: new Date(atMs).toISOString() } : {}),
            },
          });
        }}
      >
        <Field label="Note" error={isStale ? null : sayFailure(change.error)}>
          {(control) => (
            <TextArea
              {...control}
              rows={6}
              value={text}
              maxLength={10_000}
              onChange={(event) => setText(event.target.value)}
            />
          )}
        </Field>
        <Field
          label="When it happened"
          help={`In ${zone}.`}
          error={atMs === null ? "Not a moment in time" : null}
        >
          {(control) => (
            <Input
              {...control}
              type="datetime-local"
              value={at}
              onChange={(event) => setAt(event.target.value)}
            />
          )}
        </Field>
        {isStale && (
          <div role="alert" className="rounded-md border border-watch px-3 py-2 text-sm">
            <p>{entry.correctedBy ?? "Somebody"} has corrected it meanwhile. It says now:</p>
            <p className="mt-1 whitespace-pre-wrap break-words text-ink-2">{entry.text}</p>
            <div className="mt-2 flex gap-2">
              <Button
                size="sm"
                onClick={() => {
                  setRead(entry.revision);
                  change.reset();
                }}
              >
                Go on with mine
              </Button>
              <Button
                size="sm"
                kind="quiet"
                onClick={() => {
                  setText(entry.text);
                  setRead(entry.revision);
                  change.reset();
                }}
              >
                Take theirs
              </Button>
            </div>
          </div>
        )}
        <div className="flex justify-end gap-2">
          <Button kind="quiet" onClick={onClose}>
            Cancel
          </Button>
          <Button
            type="submit"
            kind="primary"
            disabled={
              !isChanged || text.trim() === "" || atMs === null || change.isPending || isStale
            }
          >
            Save
          </Button>
        </div>
      </form>
    </Dialog>
  );
}
