"use client";

import { useMutation, useQueryClient } from "@tanstack/react-query";
import { incidentQuery } from "#lib/api/incident.ts";
import type { EntryPatch } from "#lib/api/timeline.ts";
import { addNote, updateEntry } from "#lib/api/timeline.ts";

export type TimelineChange =
  | { kind: "note"; text: string; occurredAt: string | null }
  | { kind: "patch"; entryId: string; patch: EntryPatch };

/** Whatever a person writes into a timeline; what comes back is shown at once. */
export function useChangeTimeline(workspace: string, number: number, onDone?: () => void) {
  const client = useQueryClient();
  const { queryKey } = incidentQuery(workspace, number);
  return useMutation({
    mutationFn: (change: TimelineChange) => {
      switch (change.kind) {
        case "note": {
          const { text, occurredAt } = change;
          const note = occurredAt === null ? { text } : { text, occurredAt };
          return addNote(workspace, number, note);
        }
        case "patch":
          return updateEntry(workspace, number, change.entryId, change.patch);
      }
    },
    onSuccess: async ({ timeline }) => {
      client.setQueryData(queryKey, (incident) =>
        incident === undefined ? undefined : { ...incident, timeline },
      );
      onDone?.();
      await client.invalidateQueries({ queryKey: ["incident", workspace, number, "history"] });
    },
    // Somebody else was first: what they wrote is shown, and what was typed stays where it is.
    onError: () => client.invalidateQueries({ queryKey }),
  });
}
