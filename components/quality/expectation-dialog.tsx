"use client";

import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import type { ExpectationList } from "#lib/api/quality.ts";
import {
  expectationListQuery,
  expectationQuery,
  previewExpectation,
  updateExpectation,
} from "#lib/api/quality.ts";
import type { Draft } from "#lib/charts/draft-expectation.ts";
import { draftOf, readDraft, sayDeclared, sayPreview } from "#lib/charts/draft-expectation.ts";
import type { FeatureType } from "#lib/domain/model.ts";
import type { DeclaredExpectation } from "#lib/domain/quality.ts";
import { sayFailure } from "../request/query-view.tsx";
import { Button } from "../ui/button.tsx";
import { Dialog } from "../ui/dialog.tsx";
import { Field, Input, inputClass } from "../ui/field.tsx";
import { TimeText } from "../ui/time-text.tsx";

export interface ExpectationDialogProps {
  workspace: string;
  model: string;
  type: FeatureType;
  expectation: ExpectationList["features"][number];
  onClose: () => void;
}

/** What a feature is expected to be: changed, tried on the last 24 hours, and only then saved. What held before stays to go back to. */
export function ExpectationDialog(props: ExpectationDialogProps) {
  const { workspace, model, type, expectation, onClose } = props;
  const { feature, learned } = expectation;
  const client = useQueryClient();
  const [draft, setDraft] = useState<Draft>(() => draftOf(expectation.declared ?? {}));
  const read = readDraft(draft, type);
  const detail = useQuery(expectationQuery(workspace, model, feature));
  const preview = useMutation({
    mutationFn: (declared: DeclaredExpectation) =>
      previewExpectation(workspace, model, feature, { declared, range: "24h" }),
  });
  const save = useMutation({
    mutationFn: (body: Parameters<typeof updateExpectation>[3]) =>
      updateExpectation(workspace, model, feature, body),
    onSuccess: async () => {
      onClose();
      await client.invalidateQueries({ queryKey: expectationListQuery(workspace, model).queryKey });
      for (const noun of ["quality", "skew"])
        await client.invalidateQueries({ queryKey: [noun, workspace, model] });
    },
  });
  const failure = sayFailure(save.error ?? preview.error);
  const hasValues = type === "categorical" || type === "boolean";
  const accepted =
    expectation.declared === null
      ? learnedAsDeclared(learned, type, detail.data?.learnedValues ?? null)
      : null;
  const change = (part: Partial<Draft>) => {
    preview.reset();
    setDraft({ ...draft, ...part });
  };
  return (
    <Dialog
      isOpen
      onOpenChange={(isOpen) => !isOpen && onClose()}
      title={`What ${feature} is expected to be`}
      description="What is left empty is learned from the baseline; without a tolerance numbers must be equal. A declared rule is broken by any row, whatever the baseline has."
    >
      <form
        className="flex flex-col gap-4"
        onSubmit={(event) => {
          event.preventDefault();
          if (read.declared !== null) save.mutate({ declared: read.declared });
        }}
      >
        {type === "numeric" && (
          <div className="grid gap-4 sm:grid-cols-2">
            {(["minimum", "maximum"] as const).map((end) => (
              <Field
                key={end}
                label={end === "minimum" ? "At least" : "At most"}
                help='A number, or "none" for no bound.'
                error={read.errors[end] ?? null}
              >
                {(control) => (
                  <Input
                    {...control}
                    value={draft[end]}
                    placeholder={
                      learned[end] === null ? "nothing learned" : `learned: ${learned[end]}`
                    }
                    onChange={(event) => change({ [end]: event.target.value })}
                  />
                )}
              </Field>
            ))}
          </div>
        )}
        {type === "numeric" && (
          <fieldset className="grid gap-4 sm:grid-cols-2">
            <legend className="mb-2 text-ink-2 text-sm">
              Still the same as in the offline store, with a difference of no more than
            </legend>
            {(["absolute", "relative"] as const).map((part) => (
              <Field
                key={part}
                label={part === "absolute" ? "An amount" : "A share, in %"}
                help={
                  part === "absolute" ? "In the feature's unit." : "Of the larger of both numbers."
                }
                error={read.errors[part] ?? null}
              >
                {(control) => (
                  <Input
                    {...control}
                    value={draft[part]}
                    placeholder={part === "absolute" ? "0" : "the last bits of a float"}
                    onChange={(event) => change({ [part]: event.target.value })}
                  />
                )}
              </Field>
            ))}
          </fieldset>
        )}
        {hasValues && (
          <Field
            label="Allowed values"
            help={`One a line, at most 1,000; "*" alone allows any. ${learned.allowedCount === null ? "No list was learned." : `Learned: ${learned.allowedCount}.`}`}
            error={read.errors.values ?? null}
          >
            {(control) => (
              <textarea
                {...control}
                rows={5}
                className={`${inputClass} h-auto py-1.5 font-mono text-sm`}
                value={draft.values}
                placeholder={(detail.data?.learnedValues ?? learned.allowedValues ?? [])
                  .slice(0, 5)
                  .join("\n")}
                onChange={(event) => change({ values: event.target.value })}
              />
            )}
          </Field>
        )}
        <label className="flex items-center gap-2 text-sm">
          <input
            type="checkbox"
            className="size-4 accent-accent-fill"
            checked={draft.isRequired}
            onChange={(event) => change({ isRequired: event.target.checked })}
          />
          Required: no row may lack it
        </label>
        {preview.data !== undefined && (
          <p role="status" className="rounded-md border px-3 py-2 text-sm">
            {sayPreview(preview.data)}
          </p>
        )}
        {failure !== null && (
          <p role="alert" className="text-breach text-sm">
            {failure}
          </p>
        )}
        <div className="flex flex-wrap justify-end gap-2">
          {expectation.declared !== null && (
            <Button
              kind="quiet"
              className="mr-auto"
              disabled={save.isPending}
              onClick={() => save.mutate({ declared: null })}
            >
              Learn it again
            </Button>
          )}
          {accepted !== null && (
            <Button
              kind="quiet"
              className="mr-auto"
              disabled={save.isPending}
              onClick={() => save.mutate({ declared: accepted, provenance: "confirmed" })}
            >
              Confirm what was learned
            </Button>
          )}
          <Button
            disabled={read.declared === null || preview.isPending}
            onClick={() => read.declared !== null && preview.mutate(read.declared)}
          >
            Try on 24 h
          </Button>
          <Button
            type="submit"
            kind="primary"
            disabled={read.declared === null || preview.data === undefined || save.isPending}
          >
            Save
          </Button>
        </div>
        {preview.data === undefined && (
          <p className="text-right text-ink-3 text-xs">Try it first: then it can be saved.</p>
        )}
      </form>
      <History
        history={detail.data?.history ?? []}
        onTake={(declared) => change(draftOf(declared ?? {}))}
      />
    </Dialog>
  );
}

/** What was learned, as something a person says; null where nothing was, or where the list is longer than one may be. */
function learnedAsDeclared(
  learned: ExpectationDialogProps["expectation"]["learned"],
  type: FeatureType,
  values: readonly string[] | null,
): DeclaredExpectation | null {
  if (type === "numeric") {
    const { minimum, maximum } = learned;
    return minimum === null || maximum === null ? null : { minimum, maximum };
  }
  if (values === null || values.length !== learned.allowedCount) return null;
  return { allowedValues: [...values] };
}

interface HistoryProps {
  history: readonly {
    at: string;
    by: string;
    before: DeclaredExpectation | null;
    after: DeclaredExpectation | null;
  }[];
  onTake: (declared: DeclaredExpectation | null) => void;
}

function History({ history, onTake }: HistoryProps) {
  if (history.length === 0) return null;
  return (
    <section aria-label="History" className="mt-5 border-t pt-3">
      <h3 className="font-medium text-sm">Before</h3>
      <ul className="mt-1 flex flex-col gap-1">
        {history.map((change) => (
          <li key={change.at} className="flex flex-wrap items-center gap-x-2 text-sm">
            <span className="min-w-0 flex-1">
              {sayDeclared(change.before)} <span className="text-ink-3">until</span>{" "}
              <TimeText iso={change.at} />
              <span className="text-ink-3">, changed by {change.by}</span>
            </span>
            <Button size="sm" kind="quiet" onClick={() => onTake(change.before)}>
              Take it back up
            </Button>
          </li>
        ))}
      </ul>
    </section>
  );
}
