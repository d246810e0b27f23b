"use client";

import { Plus, RotateCw, X } from "lucide-react";
import { useState } from "react";
import type { Postmortem, PostmortemCandidate } from "#lib/api/postmortem.ts";
import { replayDetection, updatePostmortem } from "#lib/api/postmortem.ts";
import { postmortemLimits } from "#lib/domain/postmortem.ts";
import { sayFailure } from "../request/query-view.tsx";
import { Button } from "../ui/button.tsx";
import { CandidateDialog } from "./candidate-dialog.tsx";
import { DetectionTable } from "./detection-table.tsx";
import { useChange } from "./use-postmortem.ts";

/** Replays the monitors, and settings that are only considered. */
export function DetectionPanel({
  workspace,
  postmortem,
  isReadOnly,
}: {
  workspace: string;
  postmortem: Postmortem;
  isReadOnly: boolean;
}) {
  const { incident, detection, candidates, revision } = postmortem;
  const [isAdding, setIsAdding] = useState(false);
  const replaying = useChange(workspace, () => replayDetection(workspace, incident.number));
  const saving = useChange(workspace, (next: readonly PostmortemCandidate[]) =>
    updatePostmortem(workspace, incident.number, { revision, candidates: [...next] }),
  );
  const failure = sayFailure(replaying.error ?? saving.error);
  if (isReadOnly) return detection === null ? null : <DetectionTable detection={detection} />;
  return (
    <div className="flex flex-col gap-3">
      {detection !== null && <DetectionTable detection={detection} />}
      {candidates.length > 0 && (
        <ul aria-label="Settings that are considered" className="flex flex-wrap gap-2">
          {candidates.map((candidate) => (
            <li
              key={candidate.id}
              className="inline-flex h-7 items-center gap-1 rounded-md border px-2 text-xs"
            >
              {candidate.name}
              <button
                type="button"
                aria-label={`Leave out ${candidate.name}`}
                className="text-ink-3 hover:text-ink"
                onClick={() => saving.mutate(candidates.filter(({ id }) => id !== candidate.id))}
              >
                <X size={12} aria-hidden />
              </button>
            </li>
          ))}
        </ul>
      )}
      <div className="flex flex-wrap items-center gap-2">
        <Button
          size="sm"
          disabled={replaying.isPending}
          onClick={() => replaying.mutate(undefined)}
        >
          <RotateCw size={14} aria-hidden />
          {replaying.isPending ? "Replaying" : "Replay what would have fired"}
        </Button>
        {incident.model !== null && candidates.length < postmortemLimits.candidatesMax && (
          <Button size="sm" kind="quiet" onClick={() => setIsAdding(true)}>
            <Plus size={14} aria-hidden />
            Consider other settings
          </Button>
        )}
      </div>
      {failure !== null && (
        <p role="alert" className="text-breach text-sm">
          {failure}
        </p>
      )}
      {incident.model !== null && isAdding && (
        <CandidateDialog
          workspace={workspace}
          model={incident.model}
          onClose={() => setIsAdding(false)}
          onDone={(candidate) => {
            setIsAdding(false);
            saving.mutate([...candidates, candidate]);
          }}
        />
      )}
    </div>
  );
}
