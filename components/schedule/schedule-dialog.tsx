"use client";

import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { X } from "lucide-react";
import { useState } from "react";
import { memberListQuery } from "#lib/api/member.ts";
import type { ScheduleDetail } from "#lib/api/schedule.ts";
import { createSchedule, updateSchedule } from "#lib/api/schedule.ts";
import { draftSchedule, readSchedule } from "#lib/charts/draft-schedule.ts";
import { sayFailure } from "../request/query-view.tsx";
import { Button } from "../ui/button.tsx";
import { Dialog } from "../ui/dialog.tsx";
import { Field, Input } from "../ui/field.tsx";
import { Select } from "../ui/select.tsx";
import { readNow } from "../ui/use-now.ts";
import { useZone } from "../ui/use-zone.ts";

/** Makes a schedule of one rotation, or changes the lowest one of a schedule; layers above it stay as they are. */
export function ScheduleDialog({
  workspace,
  schedule,
  isOpen,
  onOpenChange,
}: {
  workspace: string;
  schedule: ScheduleDetail | null;
  isOpen: boolean;
  onOpenChange: (isOpen: boolean) => void;
}) {
  return (
    <Dialog
      isOpen={isOpen}
      onOpenChange={onOpenChange}
      title={schedule === null ? "Make a schedule" : `The schedule "${schedule.name}"`}
      description="People take turns by the clock on the wall. More layers, such as for working hours, are made through the API."
    >
      <ScheduleForm workspace={workspace} schedule={schedule} onDone={() => onOpenChange(false)} />
    </Dialog>
  );
}

function ScheduleForm({
  workspace,
  onDone,
  ...props
}: {
  workspace: string;
  schedule: ScheduleDetail | null;
  onDone: () => void;
}) {
  // As it was when the form opened: what another saves meanwhile is refused by its revision, and not overwritten.
  const [schedule] = useState(props.schedule);
  const client = useQueryClient();
  const zone = useZone();
  const members = useQuery(memberListQuery(workspace)).data?.members ?? [];
  const [draft, setDraft] = useState(() => draftSchedule(schedule, zone, readNow()));
  const set = (patch: Partial<typeof draft>) => setDraft({ ...draft, ...patch });
  const read = readSchedule(draft, schedule?.definition ?? null);
  const nameOf = new Map(
    [...(schedule?.people ?? []), ...members].map(({ userId, name }) => [userId, name]),
  );
  const save = useMutation({
    mutationFn: async (next: NonNullable<typeof read>) => {
      if (schedule === null) return createSchedule(workspace, next);
      const { id: scheduleId, revision } = schedule;
      return updateSchedule(workspace, { scheduleId, revision, ...next });
    },
    onSuccess: async () => {
      await client.invalidateQueries({ queryKey: ["schedule", workspace] });
      onDone();
    },
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
      <div className="grid gap-4 sm:grid-cols-2">
        <Field label="Name">
          {(control) => (
            <Input
              {...control}
              required
              autoFocus
              maxLength={80}
              placeholder="ML primary"
              value={draft.name}
              onChange={(event) => set({ name: event.target.value })}
            />
          )}
        </Field>
        <Field label="Time zone" help="A name of the IANA database.">
          {(control) => (
            <Input
              {...control}
              required
              value={draft.timeZone}
              onChange={(event) => set({ timeZone: event.target.value })}
            />
          )}
        </Field>
        <Field label="Turns change every">
          {(control) => (
            <span className="flex gap-2">
              <Input
                {...control}
                className="w-16"
                inputMode="numeric"
                value={draft.every}
                onChange={(event) => set({ every: event.target.value })}
              />
              <Select
                label="Unit"
                value={draft.unit}
                options={[
                  { value: "hour", label: "hours" },
                  { value: "day", label: "days" },
                  { value: "week", label: "weeks" },
                ]}
                onChange={(unit) =>
                  set({ unit: unit === "hour" || unit === "day" ? unit : "week" })
                }
              />
            </span>
          )}
        </Field>
        <Field label="At" help="On the clock, in summer and in winter.">
          {(control) => (
            <Input
              {...control}
              value={draft.handover}
              onChange={(event) => set({ handover: event.target.value })}
            />
          )}
        </Field>
        <Field label="The first turn begins on">
          {(control) => (
            <Input
              {...control}
              type="date"
              value={draft.startsOn}
              onChange={(event) => set({ startsOn: event.target.value })}
            />
          )}
        </Field>
      </div>
      <div className="flex flex-col gap-1.5">
        <p className="font-medium text-sm">Who takes turns, in this order</p>
        <ol className="flex flex-col gap-1">
          {draft.participants.map((userId, index) => (
            // biome-ignore lint/suspicious/noArrayIndexKey: whoever stands twice in a rotation comes twice
            <li key={`${userId} ${index}`} className="flex items-center gap-2 text-sm">
              <span className="tabular w-5 text-ink-3">{index + 1}</span>
              <span className="min-w-0 flex-1 truncate">
                {nameOf.get(userId) ?? "somebody unknown"}
              </span>
              <Button
                kind="quiet"
                size="iconSm"
                aria-label={`Take ${nameOf.get(userId) ?? "this person"} out`}
                onClick={() =>
                  set({ participants: draft.participants.filter((_, at) => at !== index) })
                }
              >
                <X size={14} aria-hidden />
              </Button>
            </li>
          ))}
        </ol>
        <Select
          label="Add somebody"
          className="self-start"
          value=""
          placeholder="Add somebody"
          options={members.map((member) => ({
            value: member.userId,
            label: member.name,
            hint: member.email,
          }))}
          onChange={(userId) => set({ participants: [...draft.participants, userId] })}
        />
      </div>
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
