"use client";

import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { Plus, X } from "lucide-react";
import { useId, useState } from "react";
import { createSilence, silencePreviewQuery } from "#lib/api/silence.ts";
import type { MatcherDraft } from "#lib/charts/draft-silence.ts";
import {
  durationNames,
  quietNames,
  readMatchers,
  readRecurrence,
  readSilenceQuery,
} from "#lib/charts/draft-silence.ts";
import { sayPreview } from "#lib/charts/prepare-silence-answer.ts";
import { silenceLabels, silenceLimits } from "#lib/domain/silence.ts";
import { labelNames } from "#lib/rules/say-silence.ts";
import { sayFailure } from "../request/query-view.tsx";
import { Button } from "../ui/button.tsx";
import { Dialog } from "../ui/dialog.tsx";
import { Field, Input } from "../ui/field.tsx";
import { Segmented } from "../ui/segmented.tsx";
import { Select } from "../ui/select.tsx";
import { readNow } from "../ui/use-now.ts";
import { useZone } from "../ui/use-zone.ts";
import { WeekdayPicker } from "../ui/weekday-picker.tsx";

/** Holds pages back, once or every week. */
export function SilenceDialog({
  workspace,
  query,
  isOpen,
  onOpenChange,
}: {
  workspace: string;
  /** What a link filled in; empty where nobody came by one. */
  query: string;
  isOpen: boolean;
  onOpenChange: (isOpen: boolean) => void;
}) {
  return (
    <Dialog
      isOpen={isOpen}
      onOpenChange={onOpenChange}
      title="Silence alerts"
      description="Pages about what matches are held back. That something is resolved is still told."
    >
      <SilenceForm
        key={query}
        workspace={workspace}
        query={query}
        onDone={() => onOpenChange(false)}
      />
    </Dialog>
  );
}

const dayMs = 86_400_000;
const maintenanceDays = 180;

function SilenceForm({
  workspace,
  query,
  onDone,
}: {
  workspace: string;
  query: string;
  onDone: () => void;
}) {
  const client = useQueryClient();
  const zone = useZone();
  const firstId = useId();
  const [drafts, setDrafts] = useState<readonly MatcherDraft[]>(() => {
    const filled = readSilenceQuery(query);
    if (filled.length === 0) return [{ id: firstId, label: "model", comparison: "is", values: "" }];
    return filled.map((draft, i) => ({ ...draft, id: `${firstId}${i}` }));
  });
  const [kind, setKind] = useState<"once" | "weekly">("once");
  const [minutes, setMinutes] = useState("120");
  const [quiet, setQuiet] = useState("");
  const [hours, setHours] = useState({ weekdays: [7], from: "02:00", until: "04:00" });
  const [reason, setReason] = useState("");
  const [ticket, setTicket] = useState("");
  const matchers = readMatchers(drafts);
  const preview = useQuery({
    ...silencePreviewQuery(workspace, matchers),
    enabled: matchers.length > 0,
  });
  const recurrence = kind === "weekly" ? readRecurrence(hours, zone) : null;
  const isWhole =
    matchers.length > 0 && reason.trim() !== "" && (kind === "once" || recurrence !== null);
  const creation = useMutation({
    mutationFn: () => {
      const lengthMs = kind === "once" ? Number(minutes) * 60_000 : maintenanceDays * dayMs;
      const startMs = readNow();
      return createSilence(workspace, {
        matchers,
        startsAt: new Date(startMs).toISOString(),
        endsAt: new Date(startMs + lengthMs).toISOString(),
        quietMinutes: kind === "once" && quiet !== "" ? Number(quiet) : null,
        recurrence,
        reason,
        ticket,
      });
    },
    onSuccess: async () => {
      await client.invalidateQueries({ queryKey: ["silence", workspace] });
      onDone();
    },
  });
  const patch = (id: string, change: Partial<MatcherDraft>) =>
    setDrafts(drafts.map((draft) => (draft.id === id ? { ...draft, ...change } : draft)));
  const failure = sayFailure(creation.error);
  return (
    <form
      className="flex flex-col gap-4"
      onSubmit={(event) => {
        event.preventDefault();
        if (isWhole) creation.mutate();
      }}
    >
      <div className="flex flex-col gap-2">
        <p className="font-medium text-sm">All of these hold</p>
        {drafts.map((draft) => (
          <div key={draft.id} className="flex flex-wrap items-center gap-2">
            <Select
              label="Label"
              value={draft.label}
              options={silenceLabels.map((value) => ({ value, label: labelNames[value] }))}
              onChange={(value) => {
                const label = silenceLabels.find((each) => each === value);
                if (label !== undefined) patch(draft.id, { label });
              }}
            />
            <Select
              label="Comparison"
              value={draft.comparison}
              options={[
                { value: "is", label: "is" },
                { value: "is_not", label: "is not" },
              ]}
              onChange={(value) =>
                patch(draft.id, { comparison: value === "is_not" ? "is_not" : "is" })
              }
            />
            <Input
              aria-label="Values"
              className="min-w-40 flex-1"
              placeholder="eta, or several with commas"
              value={draft.values}
              onChange={(event) => patch(draft.id, { values: event.target.value })}
            />
            {drafts.length > 1 && (
              <Button
                kind="quiet"
                size="iconSm"
                aria-label="Leave it out"
                onClick={() => setDrafts(drafts.filter(({ id }) => id !== draft.id))}
              >
                <X size={14} aria-hidden />
              </Button>
            )}
          </div>
        ))}
        {drafts.length < silenceLimits.matchersMax && (
          <Button
            size="sm"
            kind="quiet"
            className="self-start"
            onClick={() =>
              setDrafts([
                ...drafts,
                {
                  id: `${firstId}${drafts.length}${readNow()}`,
                  label: "severity",
                  comparison: "is",
                  values: "",
                },
              ])
            }
          >
            <Plus size={14} aria-hidden />
            And
          </Button>
        )}
      </div>
      <span className="self-start">
        <Segmented
          label="How often"
          value={kind}
          options={[
            { value: "once", label: "Once" },
            { value: "weekly", label: "Every week" },
          ]}
          onChange={setKind}
        />
      </span>
      {kind === "once" ? (
        <div className="grid gap-4 sm:grid-cols-2">
          <Field label="How long" help="From now on.">
            {({ id }) => (
              <Select
                id={id}
                label="How long"
                value={minutes}
                options={durationNames}
                onChange={setMinutes}
              />
            )}
          </Field>
          <Field label="Ends when quiet" help="Once it hid nothing for so long.">
            {({ id }) => (
              <Select
                id={id}
                label="Ends when quiet"
                value={quiet}
                placeholder="No"
                options={quietNames}
                onChange={setQuiet}
              />
            )}
          </Field>
        </div>
      ) : (
        <div className="flex flex-col gap-3">
          <WeekdayPicker
            value={hours.weekdays}
            onChange={(weekdays) => setHours({ ...hours, weekdays })}
          />
          <div className="grid gap-4 sm:grid-cols-2">
            <Field label="From" help={`By the clock of ${zone}, for ${maintenanceDays} days.`}>
              {(control) => (
                <Input
                  {...control}
                  value={hours.from}
                  onChange={(event) => setHours({ ...hours, from: event.target.value })}
                />
              )}
            </Field>
            <Field label="Until" error={recurrence === null ? "A clock, such as 04:00." : null}>
              {(control) => (
                <Input
                  {...control}
                  value={hours.until}
                  onChange={(event) => setHours({ ...hours, until: event.target.value })}
                />
              )}
            </Field>
          </div>
        </div>
      )}
      <div className="grid gap-4 sm:grid-cols-2">
        <Field label="Reason">
          {(control) => (
            <Input
              {...control}
              required
              maxLength={silenceLimits.reasonLengthMax}
              value={reason}
              onChange={(event) => setReason(event.target.value)}
            />
          )}
        </Field>
        <Field label="Ticket" help="If there is one.">
          {(control) => (
            <Input
              {...control}
              maxLength={silenceLimits.valueLengthMax}
              value={ticket}
              onChange={(event) => setTicket(event.target.value)}
            />
          )}
        </Field>
      </div>
      {matchers.length > 0 && (
        <p role="status" className="text-ink-2 text-sm">
          {preview.data === undefined ? "Looking what it would hide." : sayPreview(preview.data)}
        </p>
      )}
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
          Silence
        </Button>
      </div>
    </form>
  );
}
