"use client";

import type { ReactionDraft } from "#lib/charts/draft-reaction.ts";
import { Tick } from "../action/tick.tsx";
import { Field, Input } from "../ui/field.tsx";

/** What holds a reaction back, besides what its action asks for itself. */
export function GuardFields({
  draft,
  onChange,
}: {
  draft: ReactionDraft;
  onChange: (change: Partial<ReactionDraft>) => void;
}) {
  const number = (name: "coverage" | "coolDown" | "dailyMax", label: string, help: string) => (
    <Field label={label} help={help}>
      {(control) => (
        <Input
          {...control}
          inputMode="decimal"
          value={draft[name]}
          onChange={({ target }) => onChange({ [name]: target.value })}
        />
      )}
    </Field>
  );
  return (
    <>
      <div className="grid gap-4 sm:grid-cols-3">
        {number("coverage", "Labels in, %", "At least; empty: not asked.")}
        {number("coolDown", "Cool-down, minutes", "Between two of its runs.")}
        {number("dailyMax", "At most in 24 h", "Of its own runs.")}
      </div>
      <div className="flex flex-col gap-2">
        <Tick
          label="Not while late or broken rows are an open incident"
          value={draft.noUpstream}
          onChange={(noUpstream) => onChange({ noUpstream })}
        />
        <Tick
          label="Not with a challenger that is worse"
          value={draft.challenger}
          onChange={(challenger) => onChange({ challenger })}
        />
        <Tick
          label="Dry run"
          help="It is asked and written down, and calls nothing."
          value={draft.isDryRun}
          onChange={(isDryRun) => onChange({ isDryRun })}
        />
      </div>
    </>
  );
}
