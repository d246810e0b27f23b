"use client";

import { useQuery } from "@tanstack/react-query";
import type { Incident } from "#lib/api/incident.ts";
import { memberListQuery } from "#lib/api/member.ts";
import { RequestError } from "#lib/api/request.ts";
import { sayConflicts } from "#lib/charts/say-conflicts.ts";
import { Button } from "../ui/button.tsx";
import { Dialog } from "../ui/dialog.tsx";
import { useZone } from "../ui/use-zone.ts";
import type { IncidentMutation } from "./use-incident.ts";

export interface StaleNoticeProps {
  workspace: string;
  /** As it stands now. */
  incident: Incident;
  change: IncidentMutation;
}

/** Somebody else set the same thing first: both are shown, and the reader chooses. What was typed is still there. */
export function StaleNotice({ workspace, incident, change }: StaleNoticeProps) {
  const zone = useZone();
  const members = useQuery(memberListQuery(workspace));
  const { error, variables } = change;
  if (!isStale(error) || variables?.kind !== "update") return null;
  const names = new Map((members.data?.members ?? []).map(({ userId, name }) => [userId, name]));
  const conflicts = sayConflicts(error.problem.errors ?? [], names, zone);
  return (
    <Dialog
      isOpen
      onOpenChange={(isOpen) => !isOpen && change.reset()}
      title="Changed by somebody else meanwhile"
      description="Nothing of yours was saved yet. Which one is to stand?"
    >
      <table className="w-full text-left text-sm">
        <thead>
          <tr className="border-b text-ink-3">
            <th className="py-1.5 pr-3 font-normal">Field</th>
            <th className="py-1.5 pr-3 font-normal">Theirs, as it stands</th>
            <th className="py-1.5 font-normal">Yours</th>
          </tr>
        </thead>
        <tbody>
          {conflicts.map(({ path, field, theirs, mine }) => (
            <tr key={path} className="border-b last:border-b-0">
              <td className="py-1.5 pr-3">{field}</td>
              <td className="py-1.5 pr-3 font-medium">{theirs}</td>
              <td className="py-1.5 font-medium">{mine}</td>
            </tr>
          ))}
        </tbody>
      </table>
      <div className="mt-4 flex flex-wrap justify-end gap-2">
        <Button kind="quiet" onClick={() => change.reset()}>
          Keep theirs
        </Button>
        <Button
          kind="primary"
          disabled={change.isPending}
          onClick={() =>
            change.mutate({
              kind: "update",
              patch: { ...variables.patch, revision: revisionOf(error, incident) },
            })
          }
        >
          Set mine
        </Button>
      </div>
    </Dialog>
  );
}

/** Not a failure to be told: the notice says what to do about it. */
export const isStale = (error: Error | null): error is RequestError =>
  error instanceof RequestError && error.problem.code === "stale";

/** The refusal says at which revision the incident is; what is shown may not be as new yet. */
function revisionOf({ problem }: RequestError, { revision }: Incident): number {
  const said = Number(/at revision (\d+)/.exec(problem.detail)?.[1] ?? 0);
  return Math.max(said, revision);
}
