"use client";

import type { ActionDraft } from "#lib/charts/draft-action.ts";
import { Field, Input } from "../ui/field.tsx";
import { Select } from "../ui/select.tsx";
import { Tick } from "./tick.tsx";

const roles = ["editor", "admin", "owner"] as const;
const roleOptions = roles.map((value) => ({ value, label: `${value}s` }));
const approvals = [
  { value: "another", label: "Another person" },
  { value: "anybody", label: "Anybody, also who asked" },
  { value: "none", label: "Nobody" },
] as const;

/** Who may, what must hold, and what is asked afterwards. */
export function ActionRuleFields({
  draft,
  onChange,
}: {
  draft: ActionDraft;
  onChange: (change: Partial<ActionDraft>) => void;
}) {
  const number = (
    name: "approvalMinutes" | "coverage" | "verifyAfter" | "coolDown" | "dailyMax",
    label: string,
    help: string,
  ) => (
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
  const role = (name: "runRole" | "approvalRole", label: string) => (
    <Field label={label}>
      {({ id }) => (
        <Select
          id={id}
          label={label}
          value={draft[name]}
          options={roleOptions}
          onChange={(value) => {
            const chosen = roles.find((each) => each === value);
            if (chosen !== undefined) onChange({ [name]: chosen });
          }}
        />
      )}
    </Field>
  );
  return (
    <>
      <div className="grid gap-4 sm:grid-cols-2">
        {role("runRole", "May be asked for by")}
        <Field label="Must be approved by">
          {({ id }) => (
            <Select
              id={id}
              label="Must be approved by"
              value={draft.approval}
              options={approvals}
              onChange={(value) =>
                onChange({
                  approval: approvals.find((each) => each.value === value)?.value ?? "another",
                })
              }
            />
          )}
        </Field>
        {draft.approval !== "none" && role("approvalRole", "Of these")}
        {draft.approval !== "none" &&
          number("approvalMinutes", "Within, minutes", "After that the request expires.")}
      </div>
      <div className="grid gap-4 sm:grid-cols-2">
        {number("coverage", "Labels in, %", "Of the last 24 h, at least; empty: not asked.")}
        {number("verifyAfter", "Verify after, minutes", "The incident's monitors; empty: never.")}
        {number("coolDown", "Cool-down, minutes", "Between two runs; empty: none.")}
        {number("dailyMax", "At most in 24 h", "Runs; empty: no maximum.")}
      </div>
      <div className="flex flex-col gap-2">
        <Tick
          label="Not while late or broken rows are an open incident"
          help="To retrain on them makes it worse."
          value={draft.noUpstream}
          onChange={(noUpstream) => onChange({ noUpstream })}
        />
        <Tick
          label="Not with a challenger that is worse"
          help="Where two versions answer the same requests."
          value={draft.challenger}
          onChange={(challenger) => onChange({ challenger })}
        />
        <Tick
          label="Dry run"
          help="Everything is checked and approved, and nothing is sent."
          value={draft.isDryRun}
          onChange={(isDryRun) => onChange({ isDryRun })}
        />
      </div>
    </>
  );
}
