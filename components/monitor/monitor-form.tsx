"use client";

import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { useRouter } from "next/navigation";
import { useDeferredValue, useMemo, useState } from "react";
import { destinationListQuery } from "#lib/api/destination.ts";
import { memberListQuery } from "#lib/api/member.ts";
import { modelQuery } from "#lib/api/model.ts";
import type { MonitorBody, MonitorDetail } from "#lib/api/monitor.ts";
import { createMonitor, updateMonitor } from "#lib/api/monitor.ts";
import { segmentKeysQuery } from "#lib/api/segment.ts";
import { teamListQuery } from "#lib/api/team.ts";
import { nameQuestion } from "#lib/charts/describe-reading.ts";
import { severities } from "#lib/domain/incident.ts";
import { monitorKinds } from "#lib/domain/monitor.ts";
import {
  defaultQuestion,
  findContradictions,
  monitorDraftSchema,
} from "#lib/domain/monitor-definition.ts";
import { sayFailure } from "../request/query-view.tsx";
import { paths } from "../shell/paths.ts";
import { useUrlState } from "../shell/use-url-state.ts";
import { Button } from "../ui/button.tsx";
import { Field, Input } from "../ui/field.tsx";
import { Select } from "../ui/select.tsx";
import { PreviewPanel } from "./preview-panel.tsx";
import type { FormQuestion } from "./question-fields.tsx";
import { QuestionFields } from "./question-fields.tsx";
import { ThresholdFields } from "./threshold-fields.tsx";

interface About {
  /** Empty: as the question names it. */
  name: string;
  runbookUrl: string;
  ownerUserId: string;
  ownerTeamId: string;
  severityOverride: string;
  destinationIds: readonly string[];
}

export interface MonitorFormProps {
  workspace: string;
  model: string;
  hasBaseline: boolean;
  monitor: MonitorDetail | null;
}

/** The form of a monitor, and beside it what it would have done. */
export function MonitorForm({ workspace, model, hasBaseline, ...props }: MonitorFormProps) {
  // As it was when the form opened: what another saves meanwhile is refused by its revision, and not overwritten.
  const [monitor] = useState(props.monitor);
  const router = useRouter();
  const client = useQueryClient();
  const { get, set } = useUrlState();
  const detail = useQuery(modelQuery(workspace, model));
  const members = useQuery(memberListQuery(workspace));
  const teams = useQuery(teamListQuery(workspace));
  const destinations = useQuery(destinationListQuery(workspace));
  const segments = useQuery(segmentKeysQuery(workspace, model));
  const [question, setQuestion] = useState<FormQuestion>(() =>
    startOf(monitor, get("kind"), hasBaseline),
  );
  const [about, setAbout] = useState<About>(() => ({
    name: monitor?.name ?? "",
    runbookUrl: monitor?.runbookUrl ?? "",
    ownerUserId: monitor?.ownerUserId ?? "",
    ownerTeamId: monitor?.ownerTeamId ?? "",
    destinationIds: monitor?.destinationIds ?? [],
    severityOverride: monitor?.severityOverride ?? "",
  }));
  const suggested = `${model}: ${nameQuestion(question.kind, question.definition.statistic)}`;
  const body = useMemo(
    (): MonitorBody => ({
      ...question,
      name: about.name.trim() === "" ? suggested.slice(0, 120) : about.name,
      runbookUrl: about.runbookUrl.trim() === "" ? null : about.runbookUrl,
      ownerUserId: about.ownerUserId === "" ? null : about.ownerUserId,
      ownerTeamId: about.ownerTeamId === "" ? null : about.ownerTeamId,
      severityOverride: severities.find((one) => one === about.severityOverride) ?? null,
      destinationIds: [...about.destinationIds],
      isEnabled: monitor?.isEnabled ?? true,
    }),
    [question, about, suggested, monitor],
  );
  const parsed = useMemo(() => monitorDraftSchema.safeParse(body), [body]);
  const errors = findContradictions(question);
  const errorAt = (path: string) =>
    errors.find((one) => one.path === path || one.path.startsWith(`${path}.`))?.message ?? null;
  const isReady = parsed.success && errors.length === 0;
  const deferred = useDeferredValue(question);
  const save = useMutation({
    mutationFn: async () => {
      if (monitor === null) return (await createMonitor(workspace, model, body)).id;
      await updateMonitor(workspace, monitor.id, { monitor: body, revision: monitor.revision });
      return monitor.id;
    },
    onSuccess: async (id) => {
      await client.invalidateQueries({ queryKey: ["monitor", workspace] });
      router.push(paths.monitor(workspace, id));
    },
  });
  const versions = (detail.data?.versions ?? [])
    .filter(({ environment }) => environment === question.environment)
    .map(({ version }) => version);
  const failure = sayFailure(save.error);
  const action = monitor === null ? "Create the monitor" : "Save it";
  return (
    <div className="grid gap-8 xl:grid-cols-[minmax(0,34rem)_minmax(0,1fr)]">
      <form
        className="flex min-w-0 flex-col gap-8"
        onSubmit={(event) => {
          event.preventDefault();
          if (isReady) save.mutate();
        }}
      >
        <QuestionFields
          question={question}
          features={(detail.data?.features ?? []).map((one) => one.name)}
          versions={versions}
          segmentKeys={(segments.data?.keys ?? []).map(({ key }) => key)}
          errorAt={errorAt}
          onKind={(kind) => {
            set({ kind }, "replace");
            setQuestion(freshQuestion(kind, hasBaseline));
          }}
          onChange={setQuestion}
        />
        <ThresholdFields question={question} errorAt={errorAt} onChange={setQuestion} />
        <fieldset className="grid gap-4 sm:grid-cols-2">
          <legend className="mb-3 font-semibold text-base">Who is told</legend>
          <Field label="Name" error={errorAt("name")} help="As it stands in lists and messages.">
            {(control) => (
              <Input
                {...control}
                value={about.name}
                placeholder={suggested}
                maxLength={120}
                onChange={(event) => setAbout({ ...about, name: event.target.value })}
              />
            )}
          </Field>
          <Field label="Owner" error={errorAt("ownerUserId")} help="Who looks after it.">
            {({ id }) => (
              <Select
                id={id}
                label="Owner"
                className="w-full"
                value={about.ownerUserId}
                options={[
                  { value: "", label: "nobody in particular" },
                  ...(members.data?.members ?? []).map(({ userId, name }) => ({
                    value: userId,
                    label: name,
                  })),
                ]}
                onChange={(ownerUserId) => setAbout({ ...about, ownerUserId })}
              />
            )}
          </Field>
          <Field label="Team" help="Whose escalation policy holds; else that of the model's team.">
            {({ id }) => (
              <Select
                id={id}
                label="Team"
                className="w-full"
                value={about.ownerTeamId}
                options={[
                  { value: "", label: "the model's" },
                  ...(teams.data?.teams ?? []).map((team) => ({
                    value: team.id,
                    label: team.name,
                  })),
                ]}
                onChange={(ownerTeamId) => setAbout({ ...about, ownerTeamId })}
              />
            )}
          </Field>
          <Field
            label="Severity"
            error={errorAt("severityOverride")}
            help="Else it follows from the model's tier and what is beyond."
          >
            {({ id }) => (
              <Select
                id={id}
                label="Severity"
                className="w-full"
                value={about.severityOverride}
                options={[
                  { value: "", label: "as it follows" },
                  ...severities.map((value) => ({ value, label: value.toUpperCase() })),
                ]}
                onChange={(severityOverride) => setAbout({ ...about, severityOverride })}
              />
            )}
          </Field>
          <Field
            label="Runbook"
            error={errorAt("runbookUrl")}
            help="Where the steps to take stand."
          >
            {(control) => (
              <Input
                {...control}
                type="url"
                value={about.runbookUrl}
                placeholder="https://"
                onChange={(event) => setAbout({ ...about, runbookUrl: event.target.value })}
              />
            )}
          </Field>
          {(destinations.data?.destinations.length ?? 0) > 0 && (
            <fieldset className="sm:col-span-2">
              <legend className="font-medium text-sm">Destinations</legend>
              <div className="mt-1 flex flex-wrap gap-x-5 gap-y-1.5">
                {(destinations.data?.destinations ?? []).map(({ id, name }) => (
                  <label key={id} className="flex items-center gap-2 text-sm">
                    <input
                      type="checkbox"
                      checked={about.destinationIds.includes(id)}
                      onChange={(event) =>
                        setAbout({
                          ...about,
                          destinationIds: event.target.checked
                            ? [...about.destinationIds, id]
                            : about.destinationIds.filter((one) => one !== id),
                        })
                      }
                    />
                    {name}
                  </label>
                ))}
              </div>
              <p className="mt-1 text-ink-3 text-xs">
                Without one, the workspace's defaults are told.
              </p>
            </fieldset>
          )}
        </fieldset>
        <div className="flex flex-wrap items-center gap-3">
          <Button kind="primary" type="submit" disabled={!isReady || save.isPending}>
            {save.isPending ? "Saving…" : action}
          </Button>
          <Button kind="quiet" onClick={() => router.back()}>
            Cancel
          </Button>
          {failure !== null && (
            <p role="alert" className="text-breach text-sm">
              {failure}
            </p>
          )}
          {!isReady && (
            <p className="text-ink-2 text-sm">
              {errors[0] === undefined
                ? "Something is not filled in as it should be: the name, or the runbook's address."
                : `${errors[0].path}: ${errors[0].message}`}
            </p>
          )}
        </div>
      </form>
      <PreviewPanel workspace={workspace} model={model} question={deferred} isValid={isReady} />
    </div>
  );
}

/** Without a baseline a model is compared with what it did in the week before. */
function freshQuestion(kind: FormQuestion["kind"], hasBaseline: boolean): FormQuestion {
  const question = defaultQuestion(kind);
  const reference = hasBaseline ? "baseline" : "trailing";
  return { ...question, kind, definition: { ...question.definition, reference } };
}

function startOf(
  monitor: MonitorDetail | null,
  kind: string | undefined,
  hasBaseline: boolean,
): FormQuestion {
  if (monitor !== null) {
    const { environment, version, definition, fireCount, windowCount, clearCount } = monitor;
    return {
      kind: monitor.kind,
      environment,
      version,
      definition,
      fireCount,
      windowCount,
      clearCount,
    };
  }
  return freshQuestion(kindOf(kind), hasBaseline);
}

const kindOf = (text: string | undefined): FormQuestion["kind"] =>
  monitorKinds.find((kind) => kind === text) ?? "drift";
