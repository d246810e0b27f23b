"use client";

import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { Plus, X } from "lucide-react";
import { useState } from "react";
import { destinationListQuery } from "#lib/api/destination.ts";
import type { EscalationPolicy } from "#lib/api/escalation.ts";
import { createPolicy, updatePolicy } from "#lib/api/escalation.ts";
import { memberListQuery } from "#lib/api/member.ts";
import { scheduleListQuery } from "#lib/api/schedule.ts";
import { teamListQuery } from "#lib/api/team.ts";
import type { LevelDraft } from "#lib/charts/draft-policy.ts";
import { draftPolicy, readPolicy } from "#lib/charts/draft-policy.ts";
import { escalationLimits } from "#lib/domain/escalation.ts";
import { sayFailure } from "../request/query-view.tsx";
import { Badge } from "../ui/badge.tsx";
import { Button } from "../ui/button.tsx";
import { Dialog } from "../ui/dialog.tsx";
import { Field, Input } from "../ui/field.tsx";
import { Select } from "../ui/select.tsx";

export function PolicyDialog({
  workspace,
  policy,
  isOpen,
  onOpenChange,
}: {
  workspace: string;
  policy: EscalationPolicy | null;
  isOpen: boolean;
  onOpenChange: (isOpen: boolean) => void;
}) {
  return (
    <Dialog
      isOpen={isOpen}
      onOpenChange={onOpenChange}
      title={policy === null ? "Make an escalation policy" : `The policy "${policy.name}"`}
      description="The first level is paged at once, each next one when nobody acknowledged in time."
    >
      <PolicyForm workspace={workspace} policy={policy} onDone={() => onOpenChange(false)} />
    </Dialog>
  );
}

function PolicyForm({
  workspace,
  policy,
  onDone,
}: {
  workspace: string;
  policy: EscalationPolicy | null;
  onDone: () => void;
}) {
  const client = useQueryClient();
  const members = useQuery(memberListQuery(workspace)).data?.members ?? [];
  const schedules = useQuery(scheduleListQuery(workspace)).data?.schedules ?? [];
  const teams = useQuery(teamListQuery(workspace)).data?.teams ?? [];
  const destinations = useQuery(destinationListQuery(workspace)).data?.destinations ?? [];
  const [draft, setDraft] = useState(() => draftPolicy(policy));
  const set = (patch: Partial<typeof draft>) => setDraft({ ...draft, ...patch });
  const read = readPolicy(draft);
  const targets = [
    ...schedules.map(({ id, name }) => ({ value: `schedule ${id}`, label: `On call: ${name}` })),
    ...teams.map(({ id, name }) => ({ value: `team ${id}`, label: `Team: ${name}` })),
    ...members.map(({ userId, name }) => ({ value: `user ${userId}`, label: name })),
    ...destinations.map(({ id, name }) => ({ value: `destination ${id}`, label: `At: ${name}` })),
  ];
  const save = useMutation({
    mutationFn: async (next: NonNullable<typeof read>) => {
      if (policy === null) return createPolicy(workspace, next);
      const { id: policyId, revision } = policy;
      return updatePolicy(workspace, { policyId, revision, ...next });
    },
    onSuccess: async () => {
      await client.invalidateQueries({ queryKey: ["escalation", workspace] });
      onDone();
    },
  });
  const patchLevel = (index: number, patch: Partial<LevelDraft>) =>
    set({
      levels: draft.levels.map((level, at) => (at === index ? { ...level, ...patch } : level)),
    });
  const failure = sayFailure(save.error);
  return (
    <form
      className="flex flex-col gap-4"
      onSubmit={(event) => {
        event.preventDefault();
        if (read !== null) save.mutate(read);
      }}
    >
      <Field label="Name">
        {(control) => (
          <Input
            {...control}
            required
            autoFocus
            maxLength={escalationLimits.nameLengthMax}
            value={draft.name}
            onChange={(event) => set({ name: event.target.value })}
          />
        )}
      </Field>
      {draft.levels.map((level, index) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: a level is its place
        <fieldset key={index} className="flex flex-col gap-2 rounded-lg border px-3 pt-2 pb-3">
          <legend className="px-1 font-medium text-sm">Level {index + 1}</legend>
          <span className="flex flex-wrap items-center gap-1">
            {level.targets.map((target) => (
              <span key={target} className="inline-flex items-center gap-0.5">
                <Badge>{targets.find(({ value }) => value === target)?.label ?? target}</Badge>
                <Button
                  kind="quiet"
                  size="iconSm"
                  aria-label="Take out"
                  onClick={() =>
                    patchLevel(index, {
                      targets: level.targets.filter((each) => each !== target),
                    })
                  }
                >
                  <X size={13} aria-hidden />
                </Button>
              </span>
            ))}
            <Select
              label="Page"
              value=""
              placeholder="Page somebody"
              options={targets.filter(({ value }) => !level.targets.includes(value))}
              onChange={(target) => patchLevel(index, { targets: [...level.targets, target] })}
            />
          </span>
          <span className="flex items-center gap-2 text-sm">
            Wait
            <Input
              aria-label={`Minutes that level ${index + 1} waits`}
              className="w-20"
              inputMode="numeric"
              value={level.waitMinutes}
              onChange={(event) => patchLevel(index, { waitMinutes: event.target.value })}
            />
            min for an acknowledgement
            {draft.levels.length > 1 && (
              <Button
                size="sm"
                kind="quiet"
                className="ml-auto"
                onClick={() => set({ levels: draft.levels.filter((_, at) => at !== index) })}
              >
                Take out
              </Button>
            )}
          </span>
        </fieldset>
      ))}
      {draft.levels.length < escalationLimits.levelsMax && (
        <Button
          size="sm"
          kind="quiet"
          className="self-start"
          onClick={() =>
            set({
              levels: [...draft.levels, { targets: [], waitMinutes: "10" }],
            })
          }
        >
          <Plus size={14} aria-hidden />
          Another level
        </Button>
      )}
      <div className="grid gap-4 sm:grid-cols-2">
        <Field label="Repeat all levels" help={`At most ${escalationLimits.repeatMax} times.`}>
          {(control) => (
            <Input
              {...control}
              inputMode="numeric"
              value={draft.repeatCount}
              onChange={(event) => set({ repeatCount: event.target.value })}
            />
          )}
        </Field>
        <Field
          label="Acknowledgement runs out"
          help="In minutes, when nothing follows it. Empty: never."
        >
          {(control) => (
            <Input
              {...control}
              inputMode="numeric"
              value={draft.ackTimeoutMinutes}
              onChange={(event) => set({ ackTimeoutMinutes: event.target.value })}
            />
          )}
        </Field>
      </div>
      <label className="flex items-center gap-2.5 text-sm">
        <input
          type="checkbox"
          className="size-4 accent-accent-fill"
          checked={draft.isDefault}
          onChange={(event) => set({ isDefault: event.target.checked })}
        />
        Takes what no team owns
      </label>
      {failure !== null && (
        <p role="alert" className="text-breach text-sm">
          {failure}
        </p>
      )}
      <div className="flex justify-end gap-2">
        <Button kind="quiet" onClick={onDone}>
          Cancel
        </Button>
        <Button kind="primary" type="submit" disabled={read === null || save.isPending}>
          Save
        </Button>
      </div>
    </form>
  );
}
