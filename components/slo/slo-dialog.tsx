"use client";

import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { destinationListQuery } from "#lib/api/destination.ts";
import { modelListQuery } from "#lib/api/model.ts";
import type { SloDetail } from "#lib/api/slo.ts";
import { createSlo, updateSlo } from "#lib/api/slo.ts";
import type { SloDraft } from "#lib/charts/draft-slo.ts";
import {
  boundDefaultOf,
  boundNames,
  draftOf,
  indicatorNames,
  periodNames,
  readDraft,
} from "#lib/charts/draft-slo.ts";
import type { SloIndicatorKind } from "#lib/domain/slo.ts";
import { sayFailure } from "../request/query-view.tsx";
import { Button } from "../ui/button.tsx";
import { CheckList } from "../ui/check-list.tsx";
import { Dialog } from "../ui/dialog.tsx";
import { Field, Input } from "../ui/field.tsx";
import { Select } from "../ui/select.tsx";
import { useZone } from "../ui/use-zone.ts";
import { TierTable } from "./tier-table.tsx";

/** Makes an objective, or changes one; the tiers follow what is typed. */
export function SloDialog({
  workspace,
  slo,
  isOpen,
  onOpenChange,
}: {
  workspace: string;
  slo: SloDetail | null;
  isOpen: boolean;
  onOpenChange: (isOpen: boolean) => void;
}) {
  return (
    <Dialog
      isOpen={isOpen}
      onOpenChange={onOpenChange}
      title={slo === null ? "Set an objective" : `The objective "${slo.name}"`}
      description="What share of the time, or of predictions, must be good. The rest is the error budget."
    >
      <SloForm workspace={workspace} slo={slo} onDone={() => onOpenChange(false)} />
    </Dialog>
  );
}

function SloForm({
  workspace,
  onDone,
  ...props
}: {
  workspace: string;
  slo: SloDetail | null;
  onDone: () => void;
}) {
  // As it was when the form opened: what another saves meanwhile is refused by its revision, and not overwritten.
  const [slo] = useState(props.slo);
  const client = useQueryClient();
  const zone = useZone();
  const models = useQuery(modelListQuery(workspace)).data?.models ?? [];
  const destinations = useQuery(destinationListQuery(workspace)).data?.destinations ?? [];
  const [typed, setTyped] = useState<SloDraft>(() => draftOf(slo, ""));
  const draft = { ...typed, model: typed.model === "" ? (models[0]?.name ?? "") : typed.model };
  const set = (patch: Partial<SloDraft>) => setTyped({ ...typed, ...patch });
  const { errors, slo: wanted, tiers } = readDraft(draft, zone);
  const save = useMutation({
    mutationFn: async (next: NonNullable<typeof wanted>) => {
      if (slo === null) return createSlo(workspace, next);
      const { model: _model, indicator: _indicator, ...changes } = next;
      return updateSlo(workspace, { sloId: slo.id, revision: slo.revision, ...changes });
    },
    onSuccess: async () => {
      await client.invalidateQueries({ queryKey: ["slo", workspace] });
      onDone();
    },
  });
  const isNew = slo === null;
  const failure = sayFailure(save.error);
  return (
    <form
      className="flex flex-col gap-4"
      onSubmit={(event) => {
        event.preventDefault();
        if (wanted !== null) save.mutate(wanted);
      }}
    >
      <Field label="Name">
        {(control) => (
          <Input
            {...control}
            required
            autoFocus
            maxLength={120}
            placeholder="eta is fresh"
            value={draft.name}
            onChange={(event) => set({ name: event.target.value })}
          />
        )}
      </Field>
      {isNew && (
        <div className="grid gap-4 sm:grid-cols-2">
          <Field label="Model">
            {({ id }) => (
              <Select
                id={id}
                label="Model"
                value={draft.model}
                placeholder="No model yet"
                options={models.map(({ name }) => ({ value: name, label: name }))}
                onChange={(model) => set({ model })}
              />
            )}
          </Field>
          <Field label="Good is">
            {({ id }) => (
              <Select
                id={id}
                label="Good is"
                value={draft.kind}
                options={Object.entries(indicatorNames).map(([value, label]) => ({ value, label }))}
                onChange={(value) => {
                  const kind = value as SloIndicatorKind;
                  set({ kind, bound: boundDefaultOf(kind) });
                }}
              />
            )}
          </Field>
        </div>
      )}
      {isNew && draft.kind === "performance" && (
        <div className="grid gap-4 sm:grid-cols-2">
          <Field
            label="Metric"
            help="As the page Performance names it in its table's CSV: accuracy, rmse."
          >
            {(control) => (
              <Input
                {...control}
                required
                value={draft.metric}
                onChange={(event) => set({ metric: event.target.value })}
              />
            )}
          </Field>
          <Field label="Must be">
            {({ id }) => (
              <Select
                id={id}
                label="Must be"
                value={draft.operator}
                options={[
                  { value: "at_least", label: "at least" },
                  { value: "at_most", label: "at most" },
                ]}
                onChange={(value) =>
                  set({ operator: value === "at_most" ? "at_most" : "at_least" })
                }
              />
            )}
          </Field>
        </div>
      )}
      <div className="grid gap-4 sm:grid-cols-2">
        {isNew && (
          <Field label={boundNames[draft.kind]} error={errors.bound}>
            {(control) => (
              <Input
                {...control}
                inputMode="decimal"
                value={draft.bound}
                onChange={(event) => set({ bound: event.target.value })}
              />
            )}
          </Field>
        )}
        <Field label="In how many of 100" error={errors.percent}>
          {(control) => (
            <Input
              {...control}
              inputMode="decimal"
              value={draft.percent}
              onChange={(event) => set({ percent: event.target.value })}
            />
          )}
        </Field>
        <Field label="Over">
          {({ id }) => (
            <Select
              id={id}
              label="Over"
              value={draft.period}
              options={periodNames}
              onChange={(period) => set({ period })}
            />
          )}
        </Field>
        <Field
          label="Bad ones before it fires"
          help="One failure pages nobody."
          error={errors.badCountMin}
        >
          {(control) => (
            <Input
              {...control}
              inputMode="numeric"
              value={draft.badCountMin}
              onChange={(event) => set({ badCountMin: event.target.value })}
            />
          )}
        </Field>
      </div>
      <CheckList
        label="Told at, beside its team's and the policy's destinations"
        empty="No destination is set up; the page Destinations does it."
        options={destinations.map((one) => ({ value: one.id, label: one.name }))}
        value={draft.destinationIds}
        onChange={(destinationIds) => set({ destinationIds })}
      />
      {tiers.length > 0 && (
        <div className="flex flex-col gap-1.5">
          <p className="font-medium text-sm">Tiers that follow from it</p>
          <TierTable tiers={tiers} />
        </div>
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
        <Button
          kind="primary"
          type="submit"
          disabled={
            wanted === null || draft.name.trim() === "" || draft.model === "" || save.isPending
          }
        >
          {isNew ? "Set it" : "Save"}
        </Button>
      </div>
    </form>
  );
}
