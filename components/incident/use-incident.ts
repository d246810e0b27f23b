"use client";

import { useMutation, useQueryClient } from "@tanstack/react-query";
import type { Incident, IncidentActionRequest, IncidentPatch } from "#lib/api/incident.ts";
import {
  actOnIncident,
  addIncidentNote,
  incidentQuery,
  updateIncident,
} from "#lib/api/incident.ts";

export type IncidentChange =
  | { kind: "act"; request: IncidentActionRequest }
  | { kind: "update"; patch: IncidentPatch }
  | { kind: "note"; note: { text: string; occurredAt?: string } };

/** Whatever a person does to an incident; what comes back is shown at once, and the lists are asked for again. */
export function useChangeIncident(workspace: string, number: number, onDone?: () => void) {
  const client = useQueryClient();
  return useMutation({
    mutationFn: (change: IncidentChange): Promise<Incident> => {
      switch (change.kind) {
        case "act":
          return actOnIncident(workspace, number, change.request);
        case "update":
          return updateIncident(workspace, number, change.patch);
        case "note":
          return addIncidentNote(workspace, number, change.note);
      }
    },
    onSuccess: async (incident) => {
      client.setQueryData(incidentQuery(workspace, number).queryKey, incident);
      onDone?.();
      await client.invalidateQueries({ queryKey: ["incident", workspace, "list"] });
    },
  });
}
