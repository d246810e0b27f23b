"use client";

import { useMutation } from "@tanstack/react-query";
import { ImagePlus } from "lucide-react";
import type { ClipboardEvent } from "react";
import { useRef, useState } from "react";
import { addImage } from "#lib/api/timeline.ts";
import { readLocalTime } from "#lib/charts/local-time.ts";
import { imageLimits, imageTypes } from "#lib/domain/image.ts";
import { TextArea } from "../incident/text-area.tsx";
import { sayFailure } from "../request/query-view.tsx";
import { Button } from "../ui/button.tsx";
import { Field, Input } from "../ui/field.tsx";
import { useZone } from "../ui/use-zone.ts";
import { useDraft } from "./use-draft.ts";
import { useChangeTimeline } from "./use-timeline.ts";

export interface NoteFormProps {
  workspace: string;
  number: number;
}

/** A note, with pictures that are pasted, at the moment that it is about. What was typed outlives the page until it is sent. */
export function NoteForm({ workspace, number }: NoteFormProps) {
  const [text, setText] = useDraft(`note ${workspace} ${number}`);
  const [at, setAt] = useState<string | null>(null);
  const file = useRef<HTMLInputElement>(null);
  const zone = useZone();
  const change = useChangeTimeline(workspace, number, () => {
    setText("");
    setAt(null);
  });
  const upload = useMutation({
    mutationFn: (picture: Blob) => addImage(workspace, number, picture),
    onSuccess: ({ markdown }) =>
      setText((before) => (before === "" ? markdown : `${before.trimEnd()}\n\n${markdown}`)),
  });
  const atMs = at === null || at === "" ? null : readLocalTime(at, zone);
  const isWrong = at !== null && at !== "" && atMs === null;
  const occurredAt = atMs === null ? null : new Date(atMs).toISOString();
  const failure = sayFailure(change.error) ?? sayFailure(upload.error);
  const isReady = text.trim() !== "" && !isWrong && !change.isPending && !upload.isPending;
  const send = () => {
    if (isReady) change.mutate({ kind: "note", text: text.trim(), occurredAt });
  };
  return (
    <form
      className="mt-2 flex flex-col gap-2"
      onSubmit={(event) => {
        event.preventDefault();
        send();
      }}
    >
      <TextArea
        aria-label="Note"
        placeholder="What did you see or do? Paste a picture if you have one."
        rows={2}
        value={text}
        maxLength={10_000}
        onChange={(event) => {
          setText(event.target.value);
          // What was wrong with a picture is read by now.
          if (upload.isError) upload.reset();
        }}
        onPaste={(event) => {
          const picture = pastedPicture(event);
          if (picture === null) return;
          event.preventDefault();
          upload.mutate(picture);
        }}
        onKeyDown={(event) => {
          if (event.key === "Enter" && (event.metaKey || event.ctrlKey)) send();
        }}
      />
      {at !== null && (
        <Field
          label="When it happened"
          help={`In ${zone}; it stands at that place in the timeline.`}
          error={isWrong ? "Not a moment in time" : null}
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
      )}
      <div className="flex flex-wrap items-center gap-2">
        <Button type="submit" size="sm" disabled={!isReady}>
          Add the note
        </Button>
        <Button size="sm" kind="quiet" onClick={() => setAt(at === null ? "" : null)}>
          {at === null ? "It was earlier" : "It is now"}
        </Button>
        <Button
          size="sm"
          kind="quiet"
          disabled={upload.isPending}
          onClick={() => file.current?.click()}
        >
          <ImagePlus size={14} aria-hidden />
          {upload.isPending ? "Keeping it…" : "Picture"}
        </Button>
        <input
          ref={file}
          type="file"
          accept={imageTypes.join(",")}
          className="hidden"
          aria-label="Picture"
          onChange={(event) => {
            const picture = event.target.files?.[0];
            if (picture !== undefined) upload.mutate(picture);
            event.target.value = "";
          }}
        />
      </div>
      {failure !== null && (
        <p role="alert" className="text-breach text-sm">
          {failure}
          {upload.error !== null &&
            ` PNG, JPEG, GIF and WebP are taken, up to ${imageLimits.bytesMax / 1024 / 1024} MB.`}
        </p>
      )}
    </form>
  );
}

function pastedPicture(event: ClipboardEvent): File | null {
  const files = [...event.clipboardData.files];
  return files.find(({ type }) => type.startsWith("image/")) ?? null;
}
