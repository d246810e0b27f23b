"use client";

import { Check, X } from "lucide-react";
import { useState } from "react";
import type { ActionRun } from "#lib/api/action.ts";
import { sayWho } from "#lib/charts/name-action.ts";
import { sayFailure } from "../request/query-view.tsx";
import { Button } from "../ui/button.tsx";
import { TimeText } from "../ui/time-text.tsx";
import { RunDialog } from "./run-dialog.tsx";
import { RunState } from "./run-state.tsx";
import { useChangeRun } from "./use-runs.ts";

/** One run: how far it is, why, and what can be done with it now. */
export function RunCard({ workspace, run }: { workspace: string; run: ActionRun }) {
  const [isOpen, setIsOpen] = useState(false);
  return (
    <div className="flex min-w-0 flex-col gap-2">
      <div className="flex flex-wrap items-baseline gap-x-3 gap-y-1 text-sm">
        <RunState state={run.state} mode={run.mode} />
        <span className="font-medium">{run.actionName}</span>
        <span className="text-ink-3 text-xs">
          {sayWho(run)}, <TimeText iso={run.requestedAt} />
        </span>
        <button
          type="button"
          className="ml-auto text-accent text-xs hover:underline"
          onClick={() => setIsOpen(true)}
        >
          Every step
        </button>
      </div>
      <p className="break-words text-ink-2 text-sm" role="status">
        {/[.:!?]$/.test(run.sentence) ? run.sentence : `${run.sentence}.`}
        {run.may.approveReason !== null && ` ${run.may.approveReason}`}
        {run.answer !== "" && run.status !== null && run.state !== "failed" && (
          <span className="ml-1 font-mono text-xs">{run.answer}</span>
        )}
      </p>
      <RunChecks run={run} />
      <RunButtons workspace={workspace} run={run} />
      {isOpen && (
        <RunDialog workspace={workspace} runId={run.id} onClose={() => setIsOpen(false)} />
      )}
    </div>
  );
}

function RunChecks({ run }: { run: ActionRun }) {
  if (run.checks.length === 0) return null;
  return (
    <ul className="flex flex-col gap-0.5 text-xs" aria-label="Checks before it">
      {run.checks.map(({ name, isHeld, reason }) => (
        <li key={name} className="flex items-baseline gap-1.5 text-ink-2">
          {isHeld ? (
            <Check size={12} className="shrink-0 translate-y-0.5 text-healthy" aria-label="holds" />
          ) : (
            <X size={12} className="shrink-0 translate-y-0.5 text-breach" aria-label="fails" />
          )}
          <span>{reason}</span>
        </li>
      ))}
    </ul>
  );
}

/** Who finds out that it was not done is asked nothing more; to send it again is to risk doing it twice, and says so. */
function RunButtons({ workspace, run }: { workspace: string; run: ActionRun }) {
  const change = useChangeRun(workspace, run.id);
  const decide = (decision: "approve" | "decline" | "cancel") =>
    change.mutate({ kind: "decide", decision, reason: "" });
  const { may } = run;
  if (!may.approve && !may.cancel && !may.settle) return null;
  const failure = sayFailure(change.error);
  const thumb = "max-sm:h-11";
  return (
    <div className="flex flex-col gap-2">
      <div className="flex flex-wrap gap-2">
        {may.approve && (
          <>
            <Button
              kind="primary"
              className={thumb}
              disabled={change.isPending}
              onClick={() => decide("approve")}
            >
              Approve
            </Button>
            <Button className={thumb} disabled={change.isPending} onClick={() => decide("decline")}>
              Decline
            </Button>
          </>
        )}
        {may.settle && (
          <>
            <Button
              className={thumb}
              disabled={change.isPending}
              onClick={() => change.mutate({ kind: "settle", finding: "was_done" })}
            >
              It was done
            </Button>
            <Button
              className={thumb}
              disabled={change.isPending}
              onClick={() => change.mutate({ kind: "settle", finding: "was_not_done" })}
            >
              It was not done
            </Button>
            <Button
              kind="danger"
              className={thumb}
              disabled={change.isPending}
              onClick={() => change.mutate({ kind: "settle", finding: "send_again" })}
            >
              Send again under the same key
            </Button>
          </>
        )}
        {may.cancel && (
          <Button
            kind="quiet"
            className={thumb}
            disabled={change.isPending}
            onClick={() => decide("cancel")}
          >
            Cancel it
          </Button>
        )}
      </div>
      {may.settle && (
        <p className="text-ink-3 text-xs">
          Look at the endpoint first. Sent again, it does it twice unless it knows the key.
        </p>
      )}
      {failure !== null && (
        <p role="alert" className="text-breach text-sm">
          {failure}
        </p>
      )}
    </div>
  );
}
