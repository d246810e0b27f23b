"use client";

import { useMutation, useQueryClient } from "@tanstack/react-query";
import type {
  Incident,
  IncidentActionRequest,
  IncidentPatch,
  StatusUpdate,
} from "#lib/api/incident.ts";
import {
  actOnIncident,
  incidentQuery,
  sendStatusUpdate,
  updateIncident,
} from "#lib/api/incident.ts";

export type IncidentChange =
  | { kind: "act"; request: IncidentActionRequest }
  | { kind: "update"; patch: IncidentPatch }
  | { kind: "say"; update: StatusUpdate };

/** Whatever a person does to an incident; what comes back is shown at once, and the lists are asked for again. */
export function useChangeIncident(workspace: string, number: number, onDone?: () => void) {
  const client = useQueryClient();
  const { queryKey } = incidentQuery(workspace, number);
  return useMutation({
    mutationFn: (change: IncidentChange): Promise<Incident> => {
      switch (change.kind) {
        case "act":
          return actOnIncident(workspace, number, change.request);
        case "update":
          return updateIncident(workspace, number, change.patch);
        case "say":
          return sendStatusUpdate(workspace, number, change.update);
      }
    },
    onSuccess: async (incident) => {
      client.setQueryData(queryKey, incident);
      onDone?.();
      await Promise.all([
        client.invalidateQueries({ queryKey: ["incident", workspace, "list"] }),
        client.invalidateQueries({ queryKey: ["incident", workspace, number, "history"] }),
      ]);
    },
    // It may be another than the one that was read: what is shown is brought up to date, what was typed stays.
    onError: () => client.invalidateQueries({ queryKey, exact: true }),
  });
}

export type IncidentMutation = ReturnType<typeof useChangeIncident>;
