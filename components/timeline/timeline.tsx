"use client";

import type { Incident } from "#lib/api/incident.ts";
import { exportTimeline } from "#lib/charts/export-timeline.ts";
import { entryFilterNames, entryFilters, selectEntries } from "#lib/charts/select-entries.ts";
import { sayFailure } from "../request/query-view.tsx";
import { useUrlState } from "../shell/use-url-state.ts";
import { Button } from "../ui/button.tsx";
import { downloadFile } from "../ui/download-file.ts";
import { Menu } from "../ui/menu.tsx";
import { Select } from "../ui/select.tsx";
import { NoteForm } from "./note-form.tsx";
import { TimelineLine } from "./timeline-line.tsx";
import { useChangeTimeline } from "./use-timeline.ts";

/** What happened, newest first, what is pinned above it. */
export function Timeline({ workspace, incident }: { workspace: string; incident: Incident }) {
  const { get, set } = useUrlState();
  const { number, timeline } = incident;
  const change = useChangeTimeline(workspace, number);
  const failure = sayFailure(change.error);
  const filter = entryFilters.find((one) => one === get("entries")) ?? "important";
  const shown = selectEntries(timeline, filter).toReversed();
  const pinned = timeline.filter(({ pin }) => pin !== null);
  const line = (entry: (typeof timeline)[number]) => (
    <TimelineLine
      key={entry.id}
      workspace={workspace}
      number={number}
      entry={entry}
      onPin={(isPinned) => change.mutate({ kind: "patch", entryId: entry.id, patch: { isPinned } })}
    />
  );
  return (
    <section aria-label="Timeline">
      <div className="flex flex-wrap items-center gap-2">
        <h2 className="font-semibold text-base">Timeline</h2>
        <div className="ml-auto flex items-center gap-1">
          <Select
            label="Entries"
            value={filter}
            options={entryFilters.map((value) => ({ value, label: entryFilterNames[value] }))}
            onChange={(value) => set({ entries: value === "important" ? null : value }, "replace")}
          />
          <Menu
            align="end"
            trigger={
              <Button size="sm" kind="quiet">
                Export
              </Button>
            }
            entries={[
              {
                kind: "item",
                text: "Markdown",
                onSelect: () => save(incident, "md", exportTimeline(incident, timeline)),
              },
              {
                kind: "item",
                text: "JSON",
                onSelect: () => save(incident, "json", JSON.stringify(timeline, null, 2)),
              },
            ]}
          />
        </div>
      </div>
      <NoteForm workspace={workspace} number={number} />
      {failure !== null && (
        <p role="alert" className="mt-2 text-breach text-sm">
          {failure}
        </p>
      )}
      {pinned.length > 0 && (
        <div className="mt-4">
          <h3 className="mb-2 font-medium text-ink-2 text-sm">Pinned</h3>
          <ol className="flex flex-col border-accent-fill border-l-2">{pinned.map(line)}</ol>
        </div>
      )}
      {shown.length === 0 ? (
        <p className="mt-4 text-ink-2 text-sm">
          None of its {timeline.length} entries is of this kind.
        </p>
      ) : (
        <ol className="mt-4 flex flex-col border-l">{shown.map(line)}</ol>
      )}
    </section>
  );
}

function save({ number }: Incident, ending: "md" | "json", text: string): void {
  const type = ending === "md" ? "text/markdown" : "application/json";
  downloadFile(`incident-${number}.${ending}`, new Blob([text], { type }));
}
