"use client";

import { Plus } from "lucide-react";
import { useState } from "react";
import type { EntryPatch, Postmortem, PostmortemEntry } from "#lib/api/postmortem.ts";
import { importEntries, updateEntry } from "#lib/api/postmortem.ts";
import { plural } from "#lib/charts/sentence.ts";
import { sayFailure } from "../request/query-view.tsx";
import { Button } from "../ui/button.tsx";
import { TimeText } from "../ui/time-text.tsx";
import { EntryDialog } from "./entry-dialog.tsx";
import { TimelineList } from "./timeline-list.tsx";
import { useChange } from "./use-postmortem.ts";

/** The incident's timeline as it is told: entries are taken in or left out, worded anew, and added; what they said stays. */
export function TimelinePanel({
  workspace,
  postmortem: { incident, entries, newEntryCount },
  isReadOnly,
}: {
  workspace: string;
  postmortem: Postmortem;
  isReadOnly: boolean;
}) {
  const [opened, setOpened] = useState<PostmortemEntry | "new" | null>(null);
  const importing = useChange(workspace, () => importEntries(workspace, incident.number));
  const changing = useChange(workspace, ({ id, ...patch }: EntryPatch & { id: string }) =>
    updateEntry(workspace, incident.number, id, patch),
  );
  if (isReadOnly) return <TimelineList entries={entries} />;
  const failure = sayFailure(importing.error ?? changing.error);
  const leftOut = entries.filter(({ isIncluded }) => !isIncluded).length;
  return (
    <div className="flex flex-col gap-2">
      <ol aria-label="Timeline" className="flex flex-col rounded-lg border">
        {entries.map((entry) => (
          <li
            key={entry.id}
            className="flex items-start gap-3 border-b px-3 py-1.5 text-sm last:border-b-0"
          >
            <input
              type="checkbox"
              className="mt-0.5 size-4 shrink-0 accent-accent-fill"
              aria-label={`Take in: ${entry.text}`}
              checked={entry.isIncluded}
              disabled={changing.isPending}
              onChange={(event) =>
                changing.mutate({
                  id: entry.id,
                  revision: entry.revision,
                  isIncluded: event.target.checked,
                })
              }
            />
            <button
              type="button"
              onClick={() => setOpened(entry)}
              className={`wrap-anywhere flex min-w-0 flex-1 gap-4 text-left hover:text-accent max-sm:flex-col max-sm:gap-0 ${entry.isIncluded ? "" : "text-ink-3"}`}
            >
              <span className="w-40 shrink-0 text-ink-2 text-xs leading-5">
                <TimeText iso={entry.occurredAt} isAbsolute />
              </span>
              <span className="min-w-0">
                {entry.text}
                {entry.originalText !== null && entry.originalText !== entry.text && (
                  <span className="ml-1 text-ink-3 text-xs">(reworded)</span>
                )}
                {entry.originalText === null && (
                  <span className="ml-1 text-ink-3 text-xs">(added)</span>
                )}
              </span>
            </button>
          </li>
        ))}
        {entries.length === 0 && <li className="px-3 py-4 text-ink-2 text-sm">No entry yet.</li>}
      </ol>
      <div className="flex flex-wrap items-center gap-2">
        <Button size="sm" kind="quiet" onClick={() => setOpened("new")}>
          <Plus size={14} aria-hidden />
          Add an entry
        </Button>
        {newEntryCount > 0 && (
          <Button
            size="sm"
            disabled={importing.isPending}
            onClick={() => importing.mutate(undefined)}
          >
            Take over {newEntryCount} new {plural(newEntryCount, "entry", "entries")}
          </Button>
        )}
        {leftOut > 0 && (
          <span className="text-ink-3 text-xs">
            {leftOut} {plural(leftOut, "entry is", "entries are")} left out
          </span>
        )}
      </div>
      {failure !== null && (
        <p role="alert" className="text-breach text-sm">
          {failure}
        </p>
      )}
      {opened !== null && (
        <EntryDialog
          workspace={workspace}
          incident={incident.number}
          entry={opened === "new" ? null : opened}
          onClose={() => setOpened(null)}
        />
      )}
    </div>
  );
}
