"use client";

import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import type { Performance } from "#lib/api/performance.ts";
import { updateBusinessValue } from "#lib/api/performance.ts";
import { prepareValue } from "#lib/charts/prepare-threshold.ts";
import type { BusinessValue } from "#lib/domain/performance.ts";
import { businessValueSchema } from "#lib/domain/performance.ts";
import type { ThresholdStep } from "#lib/stats/performance/threshold-curve.ts";
import { sayFailure } from "../request/query-view.tsx";
import { Button } from "../ui/button.tsx";
import { Dialog } from "../ui/dialog.tsx";
import { Field, Input } from "../ui/field.tsx";
import { ValuePlot } from "./value-plot.tsx";

export interface ValueDialogProps {
  workspace: string;
  model: string;
  performance: Performance;
  steps: readonly ThresholdStep[];
  threshold: number;
  onClose: () => void;
}

const outcomes = [
  { name: "truePositive", label: "A hit", help: (p: string) => `decided ${p}, and it was` },
  {
    name: "falsePositive",
    label: "A false alarm",
    help: (p: string) => `decided ${p}, it was not`,
  },
  { name: "falseNegative", label: "A miss", help: (p: string) => `it was ${p}, not decided` },
  { name: "trueNegative", label: "Rightly left", help: (p: string) => `not ${p}, and not decided` },
] as const;

/** What each outcome is worth: what it would make of the thresholds shows while it is typed, before it is saved. */
export function ValueDialog(props: ValueDialogProps) {
  const { workspace, model, performance, steps, threshold, onClose } = props;
  const client = useQueryClient();
  const saved = performance.businessValue;
  const [draft, setDraft] = useState<Record<string, string>>(() => ({
    truePositive: String(saved?.truePositive ?? ""),
    falsePositive: String(saved?.falsePositive ?? ""),
    falseNegative: String(saved?.falseNegative ?? ""),
    trueNegative: String(saved?.trueNegative ?? 0),
    unit: saved?.unit ?? "",
  }));
  const read = readDraft(draft);
  const save = useMutation({
    mutationFn: (value: BusinessValue | null) => updateBusinessValue(workspace, model, value),
    onSuccess: async () => {
      onClose();
      await client.invalidateQueries({ queryKey: ["performance", workspace, model] });
    },
  });
  const preview = read.value === null ? null : prepareValue(steps, read.value, threshold);
  const failure = sayFailure(save.error);
  const positive = performance.classes?.positive ?? "positive";
  return (
    <Dialog
      isOpen
      onOpenChange={(isOpen) => !isOpen && onClose()}
      title="What outcomes are worth"
      description="Per prediction: gains above 0, costs below. Everybody who sees this model sees these figures."
    >
      <form
        className="flex flex-col gap-4"
        onSubmit={(event) => {
          event.preventDefault();
          if (read.value !== null) save.mutate(read.value);
        }}
      >
        <div className="grid gap-4 sm:grid-cols-2">
          {outcomes.map(({ name, label, help }) => (
            <Field
              key={name}
              label={label}
              help={help(positive)}
              error={draft[name] === "" ? null : (read.errors[name] ?? null)}
            >
              {(control) => (
                <Input
                  {...control}
                  inputMode="decimal"
                  value={draft[name] ?? ""}
                  onChange={(event) => setDraft({ ...draft, [name]: event.target.value })}
                />
              )}
            </Field>
          ))}
          <Field
            label="Unit"
            help="Such as EUR or minutes; may be empty."
            error={read.errors.unit ?? null}
          >
            {(control) => (
              <Input
                {...control}
                maxLength={16}
                value={draft.unit ?? ""}
                onChange={(event) => setDraft({ ...draft, unit: event.target.value })}
              />
            )}
          </Field>
        </div>
        <div role="status" className="rounded-md border px-3 py-2 text-sm">
          {preview === null ? (
            <p className="text-ink-3">
              Four numbers, and what they make of the thresholds shows here.
            </p>
          ) : (
            <>
              <p>{preview.sentence}</p>
              <ValuePlot model={preview} />
            </>
          )}
        </div>
        {failure !== null && (
          <p role="alert" className="text-breach text-sm">
            {failure}
          </p>
        )}
        <div className="flex justify-end gap-2">
          {saved !== null && (
            <Button
              kind="quiet"
              className="mr-auto"
              disabled={save.isPending}
              onClick={() => save.mutate(null)}
            >
              Take it back
            </Button>
          )}
          <Button type="submit" kind="primary" disabled={read.value === null || save.isPending}>
            Save
          </Button>
        </div>
      </form>
    </Dialog>
  );
}

function readDraft(draft: Record<string, string>): {
  value: BusinessValue | null;
  errors: Record<string, string>;
} {
  const numberOf = (text: string | undefined) =>
    text === undefined || text.trim() === "" ? Number.NaN : Number(text.replace("\u2212", "-"));
  const parsed = businessValueSchema.safeParse({
    ...Object.fromEntries(outcomes.map(({ name }) => [name, numberOf(draft[name])])),
    unit: draft.unit ?? "",
  });
  if (parsed.success) return { value: parsed.data, errors: {} };
  const errors = parsed.error.issues.map((issue) => [String(issue.path[0]), issue.message]);
  return { value: null, errors: Object.fromEntries(errors) };
}
