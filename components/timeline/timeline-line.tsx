"use client";

import { clsx } from "clsx";
import { Pencil, Pin, PinOff } from "lucide-react";
import { useState } from "react";
import type { TimelineEntry } from "#lib/api/timeline.ts";
import { TimelineDetailView } from "../incident/timeline-detail.tsx";
import { Button } from "../ui/button.tsx";
import { TimeText } from "../ui/time-text.tsx";
import { NoteEditor } from "./note-editor.tsx";
import { NoteText } from "./note-text.tsx";

export interface TimelineLineProps {
  workspace: string;
  number: number;
  entry: TimelineEntry;
  onPin: (isPinned: boolean) => void;
}

/** One thing that happened, with what can be done about it. */
export function TimelineLine({ workspace, number, entry, onPin }: TimelineLineProps) {
  const [isEditing, setIsEditing] = useState(false);
  const { kind, text, actor, detail, pin } = entry;
  const isNote = kind === "note" && actor.kind !== "job";
  const isSaid = isNote || kind === "status_update";
  return (
    <li className="group relative pb-4 pl-4 text-sm last:pb-0">
      <span
        aria-hidden
        className={clsx(
          "absolute top-1.5 -left-[4.5px] size-2 rounded-full",
          actor.kind === "job" ? "bg-line-strong" : "bg-accent-fill",
        )}
      />
      <div className="flex items-start gap-2">
        <div className="min-w-0 flex-1">
          {isSaid ? (
            <NoteText workspace={workspace} number={number} text={text} />
          ) : (
            <p className="text-pretty break-words">{text}</p>
          )}
          {detail !== null && <TimelineDetailView workspace={workspace} detail={detail} />}
          <Meta entry={entry} />
          {entry.earlier.length > 0 && <Earlier entry={entry} />}
        </div>
        <div className="-mt-1 flex shrink-0 opacity-0 focus-within:opacity-100 group-hover:opacity-100 pointer-coarse:opacity-100">
          {isNote && (
            <Button
              size="iconSm"
              kind="quiet"
              aria-label="Correct the note"
              title="Correct"
              onClick={() => setIsEditing(true)}
            >
              <Pencil size={13} aria-hidden />
            </Button>
          )}
          <Button
            size="iconSm"
            kind="quiet"
            aria-label={pin === null ? "Pin" : "Take the pin off"}
            title={pin === null ? "Pin" : `Pinned by ${pin.by}`}
            onClick={() => onPin(pin === null)}
          >
            {pin === null ? <Pin size={13} aria-hidden /> : <PinOff size={13} aria-hidden />}
          </Button>
        </div>
      </div>
      {isEditing && (
        <NoteEditor
          workspace={workspace}
          number={number}
          entry={entry}
          onClose={() => setIsEditing(false)}
        />
      )}
    </li>
  );
}

function Meta({ entry }: { entry: TimelineEntry }) {
  const { actor, occurredAt, recordedAt, correctedBy } = entry;
  const isLater = Date.parse(recordedAt) - Date.parse(occurredAt) > 60_000;
  return (
    <p className="text-ink-3 text-xs">
      <TimeText iso={occurredAt} isAbsolute />
      {actor.kind !== "job" && `, ${actor.name}`}
      {(actor.via === "slack" || actor.via === "pagerduty") && ` by way of ${viaNames[actor.via]}`}
      {isLater && (
        <>
          , written down <TimeText iso={recordedAt} />
        </>
      )}
      {correctedBy !== null && `, corrected by ${correctedBy}`}
    </p>
  );
}

/** What a note said before. */
function Earlier({ entry }: { entry: TimelineEntry }) {
  return (
    <details className="mt-0.5 text-xs">
      <summary className="cursor-pointer text-ink-3">
        {entry.earlier.length === 1
          ? "What it said before"
          : `${entry.earlier.length} earlier versions`}
      </summary>
      <ol className="mt-1 flex flex-col gap-1.5 border-l pl-2.5">
        {entry.earlier.map((version) => (
          <li key={version.revision}>
            <p className="whitespace-pre-wrap break-words text-ink-2">{version.text}</p>
            <p className="text-ink-3">
              {version.by}, <TimeText iso={version.recordedAt} isAbsolute />
            </p>
          </li>
        ))}
      </ol>
    </details>
  );
}

const viaNames = { slack: "Slack", pagerduty: "PagerDuty" } as const;
