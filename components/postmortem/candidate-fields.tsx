"use client";

import { useQuery } from "@tanstack/react-query";
import { monitorListQuery } from "#lib/api/monitor.ts";
import { monitorKindNames } from "#lib/charts/name-monitor.ts";
import { nameSettings } from "#lib/charts/name-postmortem.ts";
import { monitorKinds } from "#lib/domain/monitor.ts";
import type { MonitorQuestion } from "#lib/domain/monitor-definition.ts";
import {
  cadenceSchema,
  cadences,
  defaultQuestion,
  findContradictions,
  windowLengthSchema,
  windowLengths,
} from "#lib/domain/monitor-definition.ts";
import { ThresholdFields } from "../monitor/threshold-fields.tsx";
import { Field } from "../ui/field.tsx";
import { Select } from "../ui/select.tsx";

/** Settings of a monitor that nothing stores: those of one that there is, changed. */
export function CandidateFields({
  workspace,
  model,
  question,
  onChange,
}: {
  workspace: string;
  model: string;
  question: MonitorQuestion | null;
  onChange: (question: MonitorQuestion) => void;
}) {
  const monitors = useQuery(monitorListQuery(workspace, model));
  const known = monitors.data?.monitors ?? [];
  const errors = question === null ? [] : findContradictions(question);
  const errorAt = (path: string) => errors.find((one) => one.path === path)?.message ?? null;
  return (
    <div className="flex flex-col gap-4">
      <Field label="Begin with" help="A monitor as it is, or the usual settings of a kind.">
        {({ id }) => (
          <Select
            id={id}
            label="Begin with"
            className="w-full"
            value=""
            placeholder={question === null ? "Choose" : nameSettings(question)}
            options={[
              ...known.map((monitor) => ({ value: monitor.id, label: monitor.name })),
              ...monitorKinds.map((kind) => ({
                value: kind,
                label: `A new one: ${monitorKindNames[kind]}`,
              })),
            ]}
            onChange={(value) => {
              const monitor = known.find((one) => one.id === value);
              const kind = monitorKinds.find((each) => each === value);
              if (monitor !== undefined) {
                const { environment, version, definition, fireCount, windowCount, clearCount } =
                  monitor;
                onChange({
                  kind: monitor.kind,
                  environment,
                  version,
                  definition,
                  fireCount,
                  windowCount,
                  clearCount,
                });
              } else if (kind !== undefined) onChange(defaultQuestion(kind));
            }}
          />
        )}
      </Field>
      {question !== null && (
        <>
          <div className="grid gap-4 sm:grid-cols-2">
            <Field label="Asked every" error={errorAt("definition.cadence")}>
              {({ id }) => (
                <Select
                  id={id}
                  label="Asked every"
                  className="w-full"
                  value={question.definition.cadence}
                  options={cadences.map((value) => ({ value, label: value }))}
                  onChange={(value) =>
                    onChange({
                      ...question,
                      definition: { ...question.definition, cadence: cadenceSchema.parse(value) },
                    })
                  }
                />
              )}
            </Field>
            <Field label="About the last" error={errorAt("definition.window")}>
              {({ id }) => (
                <Select
                  id={id}
                  label="About the last"
                  className="w-full"
                  value={question.definition.window}
                  options={windowLengths.map((value) => ({ value, label: value }))}
                  onChange={(value) =>
                    onChange({
                      ...question,
                      definition: {
                        ...question.definition,
                        window: windowLengthSchema.parse(value),
                      },
                    })
                  }
                />
              )}
            </Field>
          </div>
          <ThresholdFields question={question} errorAt={errorAt} onChange={onChange} />
        </>
      )}
    </div>
  );
}
