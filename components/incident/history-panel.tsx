"use client";

import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import type { IncidentHistory } from "#lib/api/incident.ts";
import { incidentHistoryQuery } from "#lib/api/incident.ts";
import { describeChange } from "#lib/charts/describe-change.ts";
import { QueryView } from "../request/query-view.tsx";
import { SkeletonTable } from "../ui/skeleton.tsx";
import { TimeText } from "../ui/time-text.tsx";

/** Who changed what of the incident, as the audit log has it; asked for when somebody opens it. */
export function HistoryPanel({ workspace, number }: { workspace: string; number: number }) {
  const [isOpen, setIsOpen] = useState(false);
  return (
    <details onToggle={(event) => setIsOpen(event.currentTarget.open)}>
      <summary className="cursor-pointer font-semibold text-base">History of edits</summary>
      {isOpen && <Changes workspace={workspace} number={number} />}
    </details>
  );
}

function Changes({ workspace, number }: { workspace: string; number: number }) {
  const query = useQuery(incidentHistoryQuery(workspace, number));
  return (
    <QueryView query={query} what="The history" skeleton={<SkeletonTable rows={3} />}>
      {({ changes }) =>
        changes.length === 0 ? (
          <p className="mt-2 text-ink-2 text-sm">No person has changed anything yet.</p>
        ) : (
          <ol className="mt-2 flex flex-col gap-3 text-sm">
            {changes.map((change) => (
              <Change key={change.id} change={change} />
            ))}
          </ol>
        )
      }
    </QueryView>
  );
}

function Change({ change }: { change: IncidentHistory["changes"][number] }) {
  const { action, fields } = describeChange(change);
  return (
    <li>
      <p>
        <span className="font-medium">{change.actor.name}</span>: {action}
      </p>
      {fields.map(({ name, before, after }) => (
        <p key={name} className="break-words text-ink-2 text-xs">
          {name}: {before !== null && <span className="line-through">{before}</span>} {after}
        </p>
      ))}
      <p className="text-ink-3 text-xs">
        <TimeText iso={change.at} isAbsolute />
      </p>
    </li>
  );
}
