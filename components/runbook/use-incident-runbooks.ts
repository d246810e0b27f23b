"use client";

import { useMutation, useQueryClient } from "@tanstack/react-query";
import type { IncidentRunbooks } from "#lib/api/runbook.ts";
import { askStep, attachRunbook, checkOffStep, incidentRunbooksQuery } from "#lib/api/runbook.ts";

export type RunbookDeed =
  | { kind: "attach"; runbookId: string }
  | {
      kind: "check";
      runbookId: string;
      stepId: string;
      outcome: "done" | "skipped" | "reopened";
      note: string;
    }
  | { kind: "ask"; runbookId: string; stepId: string; feature: string };

/** Whatever a person does by a runbook; what comes back is shown at once, and the timeline is asked for again. */
export function useRunbookDeed(workspace: string, incident: number, onDone?: () => void) {
  const client = useQueryClient();
  return useMutation({
    mutationFn: (deed: RunbookDeed): Promise<IncidentRunbooks> => {
      switch (deed.kind) {
        case "attach":
          return attachRunbook(workspace, incident, deed.runbookId);
        case "check": {
          const { outcome, note } = deed;
          return checkOffStep(workspace, incident, deed, { outcome, note });
        }
        case "ask":
          return askStep(
            workspace,
            incident,
            deed,
            deed.feature === "" ? {} : { feature: deed.feature },
          );
      }
    },
    onSuccess: async (found) => {
      client.setQueryData(incidentRunbooksQuery(workspace, incident).queryKey, found);
      onDone?.();
      await client.invalidateQueries({ queryKey: ["incident", workspace, incident], exact: true });
    },
  });
}
