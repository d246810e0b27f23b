import { runHealth } from "#lib/charts/name-action.ts";
import type { ActionRunMode, ActionRunState } from "#lib/domain/action.ts";
import { runStateNames } from "#lib/rules/step-action-run.ts";
import { Badge } from "../ui/badge.tsx";
import { StatusMark } from "../ui/status-mark.tsx";

export function RunState({ state, mode }: { state: ActionRunState; mode: ActionRunMode }) {
  const health = runHealth[state];
  return (
    <span className="inline-flex flex-wrap items-center gap-2">
      {health === null ? (
        <span className="font-medium">{runStateNames[state]}</span>
      ) : (
        <StatusMark status={health} text={runStateNames[state]} />
      )}
      {mode === "test" && <Badge>test</Badge>}
    </span>
  );
}
