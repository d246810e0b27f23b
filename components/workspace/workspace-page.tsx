"use client";

import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import type { Session } from "#lib/api/session.ts";
import { sessionQuery } from "#lib/api/session.ts";
import { updateWorkspace } from "#lib/api/workspace.ts";
import type { Answer } from "#lib/charts/sentence.ts";
import { name, sentence } from "#lib/charts/sentence.ts";
import { hasRole } from "#lib/domain/role.ts";
import { QueryView, sayFailure } from "../request/query-view.tsx";
import { SettingsHeader } from "../settings/settings-header.tsx";
import { PageBody } from "../shell/page-header.tsx";
import { Button } from "../ui/button.tsx";
import { Field, Input, inputClass } from "../ui/field.tsx";
import { Skeleton } from "../ui/skeleton.tsx";

type Workspace = Session["workspaces"][number];

export function WorkspacePage({ workspace }: { workspace: string }) {
  const query = useQuery(sessionQuery());
  const current = query.data?.workspaces.find(({ slug }) => slug === workspace);
  return (
    <>
      <SettingsHeader
        workspace={workspace}
        isFailed={query.isError}
        answer={current ? answerOf(current) : null}
      />
      <PageBody>
        <QueryView
          query={query}
          what="The workspace"
          skeleton={<Skeleton className="h-40 w-full max-w-lg" />}
        >
          {() => current && <WorkspaceForm key={current.id} workspace={current} />}
        </QueryView>
      </PageBody>
    </>
  );
}

function answerOf(workspace: Workspace): Answer {
  return {
    health: null,
    headline: sentence`${workspace.name} keeps its days in ${name(workspace.timeZone)}; you are ${workspace.role} here.`,
    detail: sentence`Stored times are UTC. The zone is for seasons, schedules and what a day is; charts show your own.`,
  };
}

const zones = Intl.supportedValuesOf("timeZone");

function WorkspaceForm({ workspace }: { workspace: Workspace }) {
  const client = useQueryClient();
  const [label, setLabel] = useState(workspace.name);
  const [timeZone, setTimeZone] = useState(workspace.timeZone);
  const canEdit = hasRole(workspace.role, "admin");
  const update = useMutation({
    mutationFn: () => updateWorkspace(workspace.slug, { name: label, timeZone }),
    onSuccess: () => client.invalidateQueries({ queryKey: sessionQuery().queryKey }),
  });
  const isChanged = label !== workspace.name || timeZone !== workspace.timeZone;
  const options = zones.includes(timeZone) ? zones : [timeZone, ...zones];
  return (
    <form
      className="flex max-w-md flex-col gap-4"
      onSubmit={(event) => {
        event.preventDefault();
        update.mutate();
      }}
    >
      <Field label="Name" error={sayFailure(update.error)}>
        {(control) => (
          <Input
            {...control}
            required
            maxLength={80}
            disabled={!canEdit}
            value={label}
            onChange={(event) => setLabel(event.target.value)}
          />
        )}
      </Field>
      <Field label="Address" help="What stands in the address of every page; it can't be changed.">
        {(control) => <Input {...control} disabled value={workspace.slug} className="font-mono" />}
      </Field>
      <Field label="Time zone" help="What a day is, for seasons and schedules.">
        {(control) => (
          <select
            {...control}
            className={inputClass}
            disabled={!canEdit}
            value={timeZone}
            onChange={(event) => setTimeZone(event.target.value)}
          >
            {options.map((zone) => (
              <option key={zone}>{zone}</option>
            ))}
          </select>
        )}
      </Field>
      <div className="flex items-center gap-3">
        <Button kind="primary" type="submit" disabled={!canEdit || !isChanged || update.isPending}>
          {update.isPending ? "Saving" : "Save"}
        </Button>
        <span role="status" className="text-ink-2 text-sm">
          {!canEdit && "An owner or an admin can change this."}
          {canEdit && update.isSuccess && !isChanged && "Saved"}
        </span>
      </div>
    </form>
  );
}
