"use client";

import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { memberListQuery } from "#lib/api/member.ts";
import { createOverride } from "#lib/api/schedule.ts";
import { readLocalTime, toLocalTime } from "#lib/charts/local-time.ts";
import { sayFailure } from "../request/query-view.tsx";
import { Button } from "../ui/button.tsx";
import { Dialog } from "../ui/dialog.tsx";
import { Field, Input } from "../ui/field.tsx";
import { Select } from "../ui/select.tsx";
import { readNow } from "../ui/use-now.ts";
import { useZone } from "../ui/use-zone.ts";

const hourMs = 3_600_000;

/** Somebody takes it for a while. */
export function OverrideDialog({
  workspace,
  scheduleId,
  isOpen,
  onOpenChange,
}: {
  workspace: string;
  scheduleId: string;
  isOpen: boolean;
  onOpenChange: (isOpen: boolean) => void;
}) {
  return (
    <Dialog
      isOpen={isOpen}
      onOpenChange={onOpenChange}
      title="Stand in"
      description="Whoever is chosen has the turn in this time, whatever the rotation says."
    >
      <OverrideForm
        workspace={workspace}
        scheduleId={scheduleId}
        onDone={() => onOpenChange(false)}
      />
    </Dialog>
  );
}

function OverrideForm({
  workspace,
  scheduleId,
  onDone,
}: {
  workspace: string;
  scheduleId: string;
  onDone: () => void;
}) {
  const client = useQueryClient();
  const zone = useZone();
  const members = useQuery(memberListQuery(workspace)).data?.members ?? [];
  const [userId, setUserId] = useState("");
  const [from, setFrom] = useState(() => toLocalTime(readNow(), zone));
  const [until, setUntil] = useState(() => toLocalTime(readNow() + 12 * hourMs, zone));
  const [reason, setReason] = useState("");
  const fromMs = readLocalTime(from, zone);
  const untilMs = readLocalTime(until, zone);
  const isWhole = userId !== "" && fromMs !== null && untilMs !== null && untilMs > fromMs;
  const creation = useMutation({
    mutationFn: (span: { from: number; until: number }) =>
      createOverride(workspace, {
        scheduleId,
        userId,
        from: new Date(span.from).toISOString(),
        until: new Date(span.until).toISOString(),
        reason,
      }),
    onSuccess: async () => {
      await client.invalidateQueries({ queryKey: ["schedule", workspace] });
      onDone();
    },
  });
  const failure = sayFailure(creation.error);
  return (
    <form
      className="flex flex-col gap-4"
      onSubmit={(event) => {
        event.preventDefault();
        if (isWhole) creation.mutate({ from: fromMs, until: untilMs });
      }}
    >
      <Field label="Who">
        {({ id }) => (
          <Select
            id={id}
            label="Who"
            value={userId}
            placeholder="Choose a member"
            options={members.map((member) => ({
              value: member.userId,
              label: member.name,
              hint: member.email,
            }))}
            onChange={setUserId}
          />
        )}
      </Field>
      <div className="grid gap-4 sm:grid-cols-2">
        <Field label="From" help={`Your clock: ${zone}.`}>
          {(control) => (
            <Input
              {...control}
              type="datetime-local"
              value={from}
              onChange={(event) => setFrom(event.target.value)}
            />
          )}
        </Field>
        <Field
          label="Until"
          error={fromMs !== null && untilMs !== null && untilMs <= fromMs ? "After From." : null}
        >
          {(control) => (
            <Input
              {...control}
              type="datetime-local"
              value={until}
              onChange={(event) => setUntil(event.target.value)}
            />
          )}
        </Field>
      </div>
      <Field label="Reason" help="If there is one to say.">
        {(control) => (
          <Input
            {...control}
            maxLength={200}
            value={reason}
            onChange={(event) => setReason(event.target.value)}
          />
        )}
      </Field>
      {failure !== null && (
        <p role="alert" className="text-breach text-sm">
          {failure}
        </p>
      )}
      <div className="flex justify-end gap-2">
        <Button kind="quiet" onClick={onDone}>
          Cancel
        </Button>
        <Button kind="primary" type="submit" disabled={!isWhole || creation.isPending}>
          Stand in
        </Button>
      </div>
    </form>
  );
}
