"use client";

import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { monitorListQuery } from "#lib/api/monitor.ts";
import type { AcceptanceTest } from "#lib/domain/action-item.ts";
import type { MonitorQuestion } from "#lib/domain/monitor-definition.ts";
import { findContradictions } from "#lib/domain/monitor-definition.ts";
import { NumberInput } from "../monitor/number-input.tsx";
import { CandidateFields } from "../postmortem/candidate-fields.tsx";
import { Field } from "../ui/field.tsx";
import { Segmented } from "../ui/segmented.tsx";
import { Select } from "../ui/select.tsx";

type Kind = "none" | "monitor" | "settings";

/** What must find the incident, and by when: the replay of its history says whether it does. */
export function AcceptanceFields({
  workspace,
  incident,
  value,
  onChange,
}: {
  workspace: string;
  incident: { number: number; model: string | null };
  value: AcceptanceTest | null;
  /** `undefined`: it is not whole yet. */
  onChange: (test: AcceptanceTest | null | undefined) => void;
}) {
  const monitors = useQuery(monitorListQuery(workspace));
  const [kind, setKind] = useState<Kind>(value?.subject.kind ?? "none");
  const [monitorId, setMonitorId] = useState(
    value?.subject.kind === "monitor" ? value.subject.monitorId : "",
  );
  const [question, setQuestion] = useState<MonitorQuestion | null>(
    value?.subject.kind === "settings" ? value.subject.question : null,
  );
  const [minutes, setMinutes] = useState(
    value?.detectBy.kind === "after_impact" ? value.detectBy.minutes : 60,
  );
  const tell = (next: {
    kind?: Kind;
    monitorId?: string;
    question?: MonitorQuestion;
    minutes?: number;
  }) => {
    const now = { kind, monitorId, question, minutes, ...next };
    if (now.kind === "none") return onChange(null);
    const detectBy = { kind: "after_impact" as const, minutes: Math.round(now.minutes) };
    if (!(detectBy.minutes >= 1)) return onChange(undefined);
    if (now.kind === "monitor")
      return onChange(
        now.monitorId === ""
          ? undefined
          : {
              incident: incident.number,
              subject: { kind: "monitor", monitorId: now.monitorId },
              detectBy,
            },
      );
    onChange(
      now.question === null || findContradictions(now.question).length > 0
        ? undefined
        : {
            incident: incident.number,
            subject: { kind: "settings", question: now.question },
            detectBy,
          },
    );
  };
  // Those of its model are the likely ones.
  const known = (monitors.data?.monitors ?? []).toSorted(
    (a, b) => Number(b.model === incident.model) - Number(a.model === incident.model),
  );
  return (
    <fieldset className="flex flex-col gap-3">
      <legend className="mb-1 font-medium text-sm">Acceptance test</legend>
      <span className="self-start">
        <Segmented
          label="Acceptance test"
          value={kind}
          options={[
            { value: "none", label: "None" },
            { value: "monitor", label: "A monitor" },
            ...(incident.model === null ? [] : [{ value: "settings" as const, label: "Settings" }]),
          ]}
          onChange={(next) => {
            setKind(next);
            tell({ kind: next });
          }}
        />
      </span>
      <p className="text-ink-3 text-xs">
        {kind === "none"
          ? "With a test it is done when a replay of the incident would have found it in time, and opens again if a later edit loses that."
          : `Replayed over incident #${incident.number}.`}
      </p>
      {kind === "monitor" && (
        <Field label="The monitor that must find it">
          {({ id }) => (
            <Select
              id={id}
              label="Monitor"
              className="w-full"
              value={monitorId}
              placeholder="Choose a monitor"
              options={known.map((monitor) => ({
                value: monitor.id,
                label: monitor.name,
                hint: monitor.model,
              }))}
              onChange={(next) => {
                setMonitorId(next);
                tell({ monitorId: next });
              }}
            />
          )}
        </Field>
      )}
      {kind === "settings" && incident.model !== null && (
        <CandidateFields
          workspace={workspace}
          model={incident.model}
          question={question}
          onChange={(next) => {
            setQuestion(next);
            tell({ question: next });
          }}
        />
      )}
      {kind !== "none" && (
        <Field label="Found within, in minutes" help="After the impact began.">
          {(control) => (
            <NumberInput
              {...control}
              value={minutes}
              onChange={(next) => {
                setMinutes(next);
                tell({ minutes: next });
              }}
            />
          )}
        </Field>
      )}
    </fieldset>
  );
}
