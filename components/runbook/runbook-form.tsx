"use client";

import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useRouter } from "next/navigation";
import { useDeferredValue, useMemo, useRef, useState } from "react";
import { RequestError } from "#lib/api/request.ts";
import type { Runbook } from "#lib/api/runbook.ts";
import { createRunbook, runbookQuery, updateRunbook } from "#lib/api/runbook.ts";
import type { RunbookFormState } from "#lib/charts/draft-runbook.ts";
import {
  insertStep,
  placeOfLine,
  startRunbook,
  toRunbookDraft,
} from "#lib/charts/draft-runbook.ts";
import { plural } from "#lib/charts/sentence.ts";
import { runbookLimits } from "#lib/domain/runbook.ts";
import { parseRunbook } from "#lib/rules/parse-runbook.ts";
import { sayFailure } from "../request/query-view.tsx";
import { paths } from "../shell/paths.ts";
import { Button } from "../ui/button.tsx";
import { Field, Input, inputClass } from "../ui/field.tsx";
import { AttachRuleFields } from "./attach-rule-fields.tsx";
import { ConflictNotice } from "./conflict-notice.tsx";
import { OwnerFields } from "./owner-fields.tsx";
import { ProblemList } from "./problem-list.tsx";
import { RunbookText } from "./runbook-text.tsx";
import { useKeptDraft } from "./use-kept-draft.ts";

/** The text and what becomes of it side by side; what can't be meant is said with its line while it is typed. */
export function RunbookForm({
  workspace,
  runbook,
}: {
  workspace: string;
  runbook: Runbook | null;
}) {
  const router = useRouter();
  const client = useQueryClient();
  const [start, setStart] = useState(() => startRunbook(runbook));
  const [revision, setRevision] = useState(runbook?.revision ?? 0);
  const [form, setForm] = useState<RunbookFormState>(start);
  const [theirs, setTheirs] = useState<Runbook | null>(null);
  const textarea = useRef<HTMLTextAreaElement>(null);
  const body = useDeferredValue(form.body);
  const parsed = useMemo(() => parseRunbook(body), [body]);
  const keptKey = `runbook ${workspace} ${runbook?.id ?? "new"}`;
  const { kept, isDirty, forget, hideKept } = useKeptDraft(keptKey, form, start);
  const set = (change: Partial<RunbookFormState>) => setForm({ ...form, ...change });

  const save = useMutation({
    mutationFn: () =>
      runbook === null
        ? createRunbook(workspace, toRunbookDraft(form))
        : updateRunbook(workspace, runbook.id, { ...toRunbookDraft(form), revision }),
    onSuccess: async (saved) => {
      setStart(form);
      forget();
      client.setQueryData(runbookQuery(workspace, saved.id).queryKey, saved);
      router.push(paths.runbook(workspace, saved.id));
      await client.invalidateQueries({ queryKey: ["runbook", workspace] });
    },
    onError: async (error) => {
      if (runbook === null || !(error instanceof RequestError) || error.problem.status !== 412)
        return;
      setTheirs(await client.fetchQuery({ ...runbookQuery(workspace, runbook.id), staleTime: 0 }));
    },
  });
  const { problems, steps } = parsed;
  const isReady = form.title.trim() !== "" && problems.length === 0;
  const failure = theirs === null ? sayFailure(save.error) : null;

  const goTo = (line: number) => {
    const { from, until } = placeOfLine(form.body, line);
    textarea.current?.focus();
    textarea.current?.setSelectionRange(from, until);
  };
  const addStep = (kind: "manual" | "query" | "action") =>
    set({
      body: insertStep(form.body, textarea.current?.selectionEnd ?? form.body.length, kind),
    });

  return (
    <form
      className="flex flex-col gap-6"
      onSubmit={(event) => {
        event.preventDefault();
        if (isReady) save.mutate();
      }}
    >
      {kept !== null && (
        <div
          role="status"
          className="flex flex-wrap items-center gap-3 rounded-lg border px-4 py-3"
        >
          <p className="text-sm">What you typed here before was not saved. It is still there.</p>
          <Button
            size="sm"
            onClick={() => {
              setForm(kept);
              hideKept();
            }}
          >
            Bring it back
          </Button>
          <Button size="sm" kind="quiet" onClick={forget}>
            Forget it
          </Button>
        </div>
      )}
      {theirs !== null && (
        <ConflictNotice
          theirs={theirs}
          mine={form.body}
          onKeepMine={() => {
            setRevision(theirs.revision);
            setTheirs(null);
            save.reset();
          }}
          onTakeTheirs={() => {
            const next = startRunbook(theirs);
            setRevision(theirs.revision);
            setStart(next);
            setForm(next);
            setTheirs(null);
            forget();
            save.reset();
          }}
        />
      )}
      <Field label="Title" error={null} className="max-w-xl">
        {(control) => (
          <Input
            {...control}
            value={form.title}
            maxLength={runbookLimits.titleLengthMax}
            placeholder="Feature drift"
            onChange={(event) => set({ title: event.target.value })}
          />
        )}
      </Field>
      <div className="grid gap-6 lg:grid-cols-2">
        <div className="flex min-w-0 flex-col gap-2">
          <div className="flex flex-wrap items-center gap-2">
            <label htmlFor="runbook-body" className="mr-auto font-medium text-sm">
              Text
            </label>
            <span className="text-ink-3 text-xs">Add a step:</span>
            <Button size="sm" onClick={() => addStep("manual")}>
              by hand
            </Button>
            <Button size="sm" onClick={() => addStep("query")}>
              that asks
            </Button>
            <Button size="sm" onClick={() => addStep("action")}>
              that acts
            </Button>
          </div>
          <textarea
            id="runbook-body"
            ref={textarea}
            value={form.body}
            maxLength={runbookLimits.bodyLengthMax}
            spellCheck={false}
            rows={28}
            aria-invalid={problems.length > 0 ? true : undefined}
            aria-describedby="runbook-problems"
            onChange={(event) => set({ body: event.target.value })}
            className={`${inputClass} h-auto resize-y py-2 font-mono text-sm leading-5`}
          />
          <ProblemList id="runbook-problems" problems={problems} onGo={goTo} />
        </div>
        <section aria-label="Preview" className="min-w-0">
          <h2 className="mb-2 font-medium text-sm">
            Preview, {steps.length} {plural(steps.length, "step")}
          </h2>
          <RunbookText runbook={parsed} />
        </section>
      </div>
      <div className="grid gap-6 lg:grid-cols-2">
        <AttachRuleFields
          workspace={workspace}
          rule={form.attachRule}
          isEnabled={form.isEnabled}
          onChange={(attachRule) => set({ attachRule })}
          onEnable={(isEnabled) => set({ isEnabled })}
        />
        <OwnerFields workspace={workspace} form={form} onChange={set} />
      </div>
      <div className="flex flex-wrap items-center gap-3">
        <Button kind="primary" type="submit" disabled={!isReady || save.isPending}>
          {save.isPending ? "Saving…" : "Save"}
        </Button>
        <Button
          kind="quiet"
          onClick={() =>
            router.push(
              runbook === null ? paths.runbooks(workspace) : paths.runbook(workspace, runbook.id),
            )
          }
        >
          Cancel
        </Button>
        {isDirty && <p className="text-ink-3 text-sm">Not saved yet; kept in this tab.</p>}
        {!isReady && (
          <p className="text-ink-2 text-sm">
            {problems.length > 0
              ? `${problems.length} ${plural(problems.length, "line")} can't be meant so.`
              : "The title is missing."}
          </p>
        )}
        {failure !== null && (
          <p role="alert" className="text-breach text-sm">
            {failure}
          </p>
        )}
      </div>
    </form>
  );
}
