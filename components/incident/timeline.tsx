"use client";

import { clsx } from "clsx";
import { useState } from "react";
import type { Incident } from "#lib/api/incident.ts";
import { isAutomatic } from "#lib/charts/name-incident.ts";
import { sayFailure } from "../request/query-view.tsx";
import { useUrlState } from "../shell/use-url-state.ts";
import { Button } from "../ui/button.tsx";
import { TimeText } from "../ui/time-text.tsx";
import { TextArea } from "./text-area.tsx";
import { TimelineDetailView } from "./timeline-detail.tsx";
import { useChangeIncident } from "./use-incident.ts";

type Entry = Incident["timeline"][number];

/** What happened, newest first; what a machine noted can be left out. */
export function Timeline({ workspace, incident }: { workspace: string; incident: Incident }) {
  const { get, set } = useUrlState();
  const [text, setText] = useState("");
  const change = useChangeIncident(workspace, incident.number, () => setText(""));
  const failure = sayFailure(change.error);
  const hasAll = get("entries") === "all";
  const entries = incident.timeline.toReversed();
  const shown = hasAll
    ? entries
    : entries.filter(({ kind, actor }) => !isAutomatic(kind, actor.kind));
  return (
    <section aria-label="Timeline">
      <div className="flex items-center gap-2">
        <h2 className="font-semibold text-base">Timeline</h2>
        {shown.length < entries.length || hasAll ? (
          <Button
            size="sm"
            kind="quiet"
            className="ml-auto"
            onClick={() => set({ entries: hasAll ? null : "all" }, "replace")}
          >
            {hasAll ? "Leave out messages" : `${entries.length - shown.length} more`}
          </Button>
        ) : null}
      </div>
      <form
        className="mt-2 flex flex-col gap-2"
        onSubmit={(event) => {
          event.preventDefault();
          if (text.trim() !== "") change.mutate({ kind: "note", note: { text: text.trim() } });
        }}
      >
        <TextArea
          aria-label="Note"
          placeholder="What did you see or do?"
          rows={2}
          value={text}
          maxLength={10_000}
          onChange={(event) => setText(event.target.value)}
        />
        <div className="flex items-center gap-3">
          <Button type="submit" size="sm" disabled={text.trim() === "" || change.isPending}>
            Add the note
          </Button>
          {failure !== null && (
            <p role="alert" className="text-breach text-sm">
              {failure}
            </p>
          )}
        </div>
      </form>
      <ol className="mt-4 flex flex-col border-l">
        {shown.map((entry) => (
          <Line key={entry.id} workspace={workspace} entry={entry} />
        ))}
      </ol>
    </section>
  );
}

function Line({ workspace, entry }: { workspace: string; entry: Entry }) {
  const { kind, text, actor, detail, occurredAt, recordedAt } = entry;
  const isLater = Date.parse(recordedAt) - Date.parse(occurredAt) > 60_000;
  return (
    <li className="relative pb-4 pl-4 text-sm last:pb-0">
      <span
        aria-hidden
        className={clsx(
          "absolute top-1.5 -left-[4.5px] size-2 rounded-full",
          actor.kind === "job" ? "bg-line-strong" : "bg-accent-fill",
        )}
      />
      <p className={clsx("text-pretty break-words", kind === "note" && "whitespace-pre-wrap")}>
        {text}
      </p>
      {detail !== null && <TimelineDetailView workspace={workspace} detail={detail} />}
      <p className="text-ink-3 text-xs">
        <TimeText iso={occurredAt} isAbsolute />
        {actor.kind !== "job" && `, ${actor.name}`}
        {(actor.via === "slack" || actor.via === "pagerduty") &&
          ` by way of ${viaNames[actor.via]}`}
        {isLater && (
          <>
            , written down <TimeText iso={recordedAt} />
          </>
        )}
      </p>
    </li>
  );
}

const viaNames = { slack: "Slack", pagerduty: "PagerDuty" } as const;
