"use client";

import { useState } from "react";
import type { PostmortemComment } from "#lib/api/postmortem.ts";
import { addComment, resolveComment } from "#lib/api/postmortem.ts";
import { postmortemLimits } from "#lib/domain/postmortem.ts";
import { TextArea } from "../incident/text-area.tsx";
import { sayFailure } from "../request/query-view.tsx";
import { Button } from "../ui/button.tsx";
import { TimeText } from "../ui/time-text.tsx";
import { useChange } from "./use-postmortem.ts";

/** What is said about a section. All of it is resolved before it is published. */
export function SectionComments({
  workspace,
  incident,
  sectionKey,
  comments,
  isReadOnly,
}: {
  workspace: string;
  incident: number;
  sectionKey: string;
  comments: readonly PostmortemComment[];
  isReadOnly: boolean;
}) {
  const [text, setText] = useState("");
  const adding = useChange(workspace, () => addComment(workspace, incident, { sectionKey, text }));
  const resolving = useChange(workspace, (one: PostmortemComment) =>
    resolveComment(workspace, incident, one.id, one.resolvedAt === null),
  );
  const failure = sayFailure(adding.error ?? resolving.error);
  return (
    <div className="rounded-md border bg-raised px-3 py-2 print:hidden">
      <ul aria-label="Comments" className="flex flex-col">
        {comments.map((one) => (
          <li key={one.id} className="flex items-start gap-3 border-b py-2 text-sm last:border-b-0">
            <span className="min-w-0 flex-1">
              <span className="text-ink-2 text-xs">
                {one.createdBy} <TimeText iso={one.createdAt} />
                {one.resolvedBy !== null && `, resolved by ${one.resolvedBy}`}
              </span>
              <span
                className={`block whitespace-pre-wrap ${one.resolvedAt === null ? "" : "text-ink-3"}`}
              >
                {one.text}
              </span>
            </span>
            {!isReadOnly && (
              <Button
                size="sm"
                kind="quiet"
                disabled={resolving.isPending}
                onClick={() => resolving.mutate(one)}
              >
                {one.resolvedAt === null ? "Resolve" : "Open again"}
              </Button>
            )}
          </li>
        ))}
      </ul>
      {!isReadOnly && (
        <form
          className="flex items-start gap-2 py-2"
          onSubmit={(event) => {
            event.preventDefault();
            if (text.trim() !== "") adding.mutate(undefined, { onSuccess: () => setText("") });
          }}
        >
          <TextArea
            aria-label="Comment"
            rows={2}
            placeholder="What is unclear, or missing?"
            maxLength={postmortemLimits.commentLengthMax}
            value={text}
            onChange={(event) => setText(event.target.value)}
          />
          <Button size="sm" type="submit" disabled={text.trim() === "" || adding.isPending}>
            Comment
          </Button>
        </form>
      )}
      {failure !== null && (
        <p role="alert" className="pb-2 text-breach text-sm">
          {failure}
        </p>
      )}
    </div>
  );
}
