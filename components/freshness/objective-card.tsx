"use client";

import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import type { Freshness } from "#lib/api/freshness.ts";
import { labelDelayQuery, updateFreshnessObjective } from "#lib/api/freshness.ts";
import { formatCount, formatDuration, formatShare } from "#lib/charts/format-number.ts";
import { sayAttainment, sayLabelDelay } from "#lib/charts/say-freshness.ts";
import { toModelScope } from "../model/to-model-scope.ts";
import { sayFailure } from "../request/query-view.tsx";
import { useScope } from "../shell/use-scope.ts";
import { Badge } from "../ui/badge.tsx";
import { Button } from "../ui/button.tsx";
import { Dialog } from "../ui/dialog.tsx";
import { Field, Input } from "../ui/field.tsx";

export interface ObjectiveCardProps {
  workspace: string;
  model: string;
  freshness: Freshness;
}

/** What was promised of this model's freshness, and how far it was kept; beside it how long labels take. */
export function ObjectiveCard({ workspace, model, freshness }: ObjectiveCardProps) {
  const [isOpen, setIsOpen] = useState(false);
  const scope = useScope();
  const labels = useQuery(labelDelayQuery(workspace, model, toModelScope(scope)));
  const { objective, attainment } = freshness;
  return (
    <section aria-label="Promise of freshness" className="rounded-lg border px-4 py-3">
      <div className="flex flex-wrap items-center gap-x-3 gap-y-1">
        <h2 className="font-semibold text-base">
          {objective === null
            ? "No promise of freshness"
            : `Fresher than ${formatDuration(objective.ageMs)}, ${formatShare(objective.share)} of the time`}
        </h2>
        {attainment !== null && (
          <>
            <Badge>rows: {wordOf[attainment.rows]}</Badge>
            <Badge>five-minute slices: {wordOf[attainment.slices]}</Badge>
          </>
        )}
        <Button size="sm" className="ml-auto" onClick={() => setIsOpen(true)}>
          {objective === null ? "Promise one" : "Change"}
        </Button>
      </div>
      <p className="mt-1 text-ink-2 text-sm">
        {attainment === null
          ? "Say how fresh rows must be, and it is measured in every window: as a share of rows, and of five-minute slices."
          : sayAttainment(attainment)}
      </p>
      {labels.data !== undefined && (
        <p className="mt-1 text-ink-2 text-sm">{sayLabelDelay(labels.data)}</p>
      )}
      {freshness.receiptTimedShareMost !== null && freshness.receiptTimedShareMost >= 0.01 && (
        <p className="mt-1 text-ink-3 text-xs">
          Up to {formatShare(freshness.receiptTimedShareMost)} of rows carry no time of their own:
          that of their receipt stands in, and their lag is 0.
        </p>
      )}
      {freshness.segments.length > 0 && <SegmentList freshness={freshness} />}
      <ObjectiveDialog
        workspace={workspace}
        model={model}
        objective={objective}
        isOpen={isOpen}
        onOpenChange={setIsOpen}
      />
    </section>
  );
}

const wordOf = { met: "kept", missed: "missed", cannot_say: "cannot say" } as const;
const segmentsShownMax = 6;

/** The segments that were silent longest. */
function SegmentList({ freshness }: { freshness: Freshness }) {
  const newestMs = freshness.lastEventAt === null ? 0 : Date.parse(freshness.lastEventAt);
  const oldest = freshness.segments
    .toSorted((a, b) => Date.parse(a.lastSeenAt) - Date.parse(b.lastSeenAt))
    .slice(0, segmentsShownMax);
  return (
    <p className="mt-1 text-ink-2 text-sm">
      {formatCount(freshness.segments.length)} segments; silent longest:{" "}
      {oldest.map(({ key, value, lastSeenAt }, index) => (
        <span key={`${key} ${value}`}>
          {index > 0 && ", "}
          <span className="font-mono">
            {key}={value}
          </span>{" "}
          <span className="text-ink-3">
            {formatDuration(Math.max(0, newestMs - Date.parse(lastSeenAt)))} behind
          </span>
        </span>
      ))}
      .
    </p>
  );
}

const minuteMs = 60_000;

function ObjectiveDialog({
  workspace,
  model,
  objective,
  isOpen,
  onOpenChange,
}: {
  workspace: string;
  model: string;
  objective: Freshness["objective"];
  isOpen: boolean;
  onOpenChange: (isOpen: boolean) => void;
}) {
  const client = useQueryClient();
  const [minutes, setMinutes] = useState(String((objective?.ageMs ?? 15 * minuteMs) / minuteMs));
  const [percent, setPercent] = useState(String((objective?.share ?? 0.99) * 100));
  const save = useMutation({
    mutationFn: (next: Freshness["objective"]) => updateFreshnessObjective(workspace, model, next),
    onSuccess: async () => {
      onOpenChange(false);
      await client.invalidateQueries({ queryKey: ["freshness", workspace, model] });
    },
  });
  const ageMs = Math.round(Number(minutes) * minuteMs);
  const share = Number((Number(percent) / 100).toPrecision(12));
  const ageError = ageMs >= 1_000 && ageMs <= 43_200 * minuteMs ? null : "From 1 s to 30 days.";
  const shareError = share > 0 && share < 1 ? null : "More than 0, less than 100.";
  const failure = sayFailure(save.error);
  return (
    <Dialog
      isOpen={isOpen}
      onOpenChange={onOpenChange}
      title="A promise of freshness"
      description="How soon after it was made a row must be here, and how often. It is measured, and evaluated every hour."
    >
      <form
        className="flex flex-col gap-4"
        onSubmit={(event) => {
          event.preventDefault();
          if (ageError === null && shareError === null) save.mutate({ ageMs, share });
        }}
      >
        <div className="grid gap-4 sm:grid-cols-2">
          <Field label="Fresher than, in minutes" error={ageError}>
            {(control) => (
              <Input
                {...control}
                inputMode="decimal"
                value={minutes}
                onChange={(event) => setMinutes(event.target.value)}
              />
            )}
          </Field>
          <Field label="In how many of 100" help="Of rows, and of slices." error={shareError}>
            {(control) => (
              <Input
                {...control}
                inputMode="decimal"
                value={percent}
                onChange={(event) => setPercent(event.target.value)}
              />
            )}
          </Field>
        </div>
        {failure !== null && (
          <p role="alert" className="text-breach text-sm">
            {failure}
          </p>
        )}
        <div className="flex justify-end gap-2">
          {objective !== null && (
            <Button kind="quiet" onClick={() => save.mutate(null)} disabled={save.isPending}>
              Take it back
            </Button>
          )}
          <Button type="submit" kind="primary" disabled={save.isPending}>
            Save
          </Button>
        </div>
      </form>
    </Dialog>
  );
}
