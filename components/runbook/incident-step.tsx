"use client";

import { clsx } from "clsx";
import { Check, Play } from "lucide-react";
import { useState } from "react";
import type { IncidentRunbook, IncidentRunbooks, StepRecord } from "#lib/api/runbook.ts";
import { outcomeNames } from "#lib/charts/prepare-query-result.ts";
import { stepKindNames } from "#lib/charts/say-step.ts";
import type { RunbookStep, StepOutcome } from "#lib/domain/runbook.ts";
import { runbookLimits } from "#lib/domain/runbook.ts";
import { ActionStep } from "../action/action-step.tsx";
import { sayFailure } from "../request/query-view.tsx";
import { Badge } from "../ui/badge.tsx";
import { Button } from "../ui/button.tsx";
import { Field, Input, inputClass } from "../ui/field.tsx";
import { TimeText } from "../ui/time-text.tsx";
import { QueryResultView } from "./query-result-view.tsx";
import { StepDetail } from "./step-card.tsx";
import { useRunbookDeed } from "./use-incident-runbooks.ts";

export interface IncidentStepProps {
  workspace: string;
  incident: number;
  runbook: IncidentRunbook;
  step: RunbookStep;
  all: readonly RunbookStep[];
  parameters: IncidentRunbooks["parameters"];
  isNext: boolean;
  isOpen?: boolean;
  onToggle?: () => void;
}

type State = IncidentRunbook["steps"][number]["state"];

const stateNames: Record<State, string> = {
  todo: "open",
  done: "done",
  skipped: "skipped",
  passed: "not needed",
  waiting: "cannot say yet",
};

/** A step as it is worked on: what to do, what was said of it, and the ways to say more. */
export function IncidentStep(props: IncidentStepProps) {
  const { step, runbook, all, parameters, isNext, isOpen = isNext, onToggle } = props;
  const state = runbook.steps.find(({ id }) => id === step.id)?.state ?? "todo";
  const records = runbook.records.filter(({ stepId }) => stepId === step.id);
  const isOver = state === "done" || state === "skipped" || state === "passed";
  const title = (
    <>
      <span className="tabular mr-2 text-ink-3">{step.number}</span>
      {step.title}
    </>
  );
  return (
    <>
      <div className="flex flex-wrap items-baseline gap-x-2.5 gap-y-1">
        <h3
          className={clsx(
            "min-w-0",
            isNext ? "font-semibold text-lg" : "text-base",
            isOver && "text-ink-2",
          )}
        >
          {onToggle === undefined ? (
            step.title
          ) : (
            <button
              type="button"
              aria-expanded={isOpen}
              onClick={onToggle}
              className="text-left hover:underline"
            >
              {title}
            </button>
          )}
        </h3>
        <Badge>{stepKindNames[step.kind]}</Badge>
        {!isNext && (
          <span className="inline-flex items-center gap-1 text-ink-3 text-sm">
            {state === "done" && <Check size={13} aria-hidden />}
            {stateNames[state]}
          </span>
        )}
      </div>
      {isOpen && <StepDetail step={step} steps={all} parameters={parameters} />}
      <Records records={isOpen ? records : records.slice(-1)} isOpen={isOpen} />
      {isOpen && step.kind === "action" && (
        <div className="mt-3">
          <ActionStep
            workspace={props.workspace}
            incident={props.incident}
            stepId={`${runbook.runbookId}/${step.id}`}
            actionSlug={step.actionSlug}
          />
        </div>
      )}
      {isOpen && <Deeds {...props} state={state} />}
    </>
  );
}

const said: Record<StepOutcome, string> = {
  done: "Done",
  skipped: "Skipped",
  reopened: "Taken back",
  ...outcomeNames,
};

function Records({ records, isOpen }: { records: readonly StepRecord[]; isOpen: boolean }) {
  if (records.length === 0) return null;
  const newest = records.at(-1);
  return (
    <ul className="mt-1.5 flex flex-col gap-1.5">
      {records.map((record) => (
        <li key={record.id} className="text-sm">
          <p className="text-ink-2">
            {said[record.outcome]} by {record.by === "" ? "somebody" : record.by},{" "}
            <TimeText iso={record.at} />
            {record.note !== "" && `: ${record.note}`}
            {record.result !== null &&
              (!isOpen || record !== newest) &&
              `: ${record.result.sentence}`}
          </p>
          {isOpen && record === newest && record.result !== null && (
            <QueryResultView result={record.result} />
          )}
        </li>
      ))}
    </ul>
  );
}

function Deeds({
  workspace,
  incident,
  runbook: { runbookId },
  step,
  parameters,
  isNext,
  state,
}: IncidentStepProps & { state: State }) {
  const [note, setNote] = useState("");
  const [feature, setFeature] = useState("");
  const deed = useRunbookDeed(workspace, incident, () => setNote(""));
  const failure = sayFailure(deed.error);
  const check = (outcome: "done" | "skipped" | "reopened") =>
    deed.mutate({ kind: "check", runbookId, stepId: step.id, outcome, note: note.trim() });
  const isOver = state === "done" || state === "skipped";
  const wantsFeature =
    step.kind === "query" &&
    step.query.target === "incident" &&
    parameters["incident.feature"] === null;
  const big = isNext ? "max-sm:h-11 max-sm:flex-1 max-sm:justify-center" : "";
  return (
    <div className="mt-3 flex flex-col gap-2.5">
      {wantsFeature && (
        <Field label="Feature" help="The incident names none. Empty: all of them are asked.">
          {(control) => (
            <Input
              {...control}
              value={feature}
              maxLength={128}
              spellCheck={false}
              onChange={(event) => setFeature(event.target.value)}
            />
          )}
        </Field>
      )}
      <textarea
        aria-label={`Note on step ${step.number}`}
        placeholder={
          step.kind === "query" ? "Why it is left out" : "What came of it, or why it is left out"
        }
        rows={isNext ? 2 : 1}
        value={note}
        maxLength={runbookLimits.noteLengthMax}
        onChange={(event) => setNote(event.target.value)}
        className={`${inputClass} h-auto py-1.5`}
      />
      <div className="flex flex-wrap items-center gap-2">
        {step.kind === "query" ? (
          <Button
            kind={isNext ? "primary" : "plain"}
            className={big}
            disabled={deed.isPending}
            onClick={() =>
              deed.mutate({ kind: "ask", runbookId, stepId: step.id, feature: feature.trim() })
            }
          >
            <Play size={14} aria-hidden />
            {askWords(deed.isPending, state)}
          </Button>
        ) : (
          !isOver && (
            <Button
              kind={isNext && step.kind === "manual" ? "primary" : "plain"}
              className={big}
              disabled={deed.isPending}
              onClick={() => check("done")}
            >
              <Check size={14} aria-hidden />
              {step.kind === "action" ? "Check off" : "Done"}
            </Button>
          )
        )}
        {!isOver && (
          <Button
            className={isNext ? "max-sm:h-11" : ""}
            disabled={deed.isPending || note.trim() === ""}
            onClick={() => check("skipped")}
          >
            Skip with this reason
          </Button>
        )}
        {isOver && (
          <Button disabled={deed.isPending || note.trim() === ""} onClick={() => check("reopened")}>
            Take it back with this reason
          </Button>
        )}
        {failure !== null && (
          <p role="alert" className="text-breach text-sm">
            {failure}
          </p>
        )}
      </div>
    </div>
  );
}

function askWords(isPending: boolean, state: State): string {
  if (isPending) return "Asking…";
  return state === "todo" ? "Ask now" : "Ask again";
}
