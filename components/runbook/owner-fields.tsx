"use client";

import { useQuery } from "@tanstack/react-query";
import { memberListQuery } from "#lib/api/member.ts";
import { teamListQuery } from "#lib/api/team.ts";
import type { RunbookFormState } from "#lib/charts/draft-runbook.ts";
import { runbookLimits } from "#lib/domain/runbook.ts";
import { Field, Input } from "../ui/field.tsx";
import { Select } from "../ui/select.tsx";

/** Who keeps it true, until when it must be read again, and what this version changes. */
export function OwnerFields({
  workspace,
  form,
  onChange,
}: {
  workspace: string;
  form: RunbookFormState;
  onChange: (change: Partial<RunbookFormState>) => void;
}) {
  const members = useQuery(memberListQuery(workspace));
  const teams = useQuery(teamListQuery(workspace));
  return (
    <fieldset className="flex flex-col gap-3 rounded-lg border px-4 py-3">
      <legend className="px-1 font-semibold text-base">Kept true by</legend>
      <Field label="Owner">
        {({ id }) => (
          <Select
            id={id}
            label="Owner"
            className="w-full"
            value={form.owner}
            options={[
              { value: "", label: "nobody" },
              ...(teams.data?.teams ?? []).map((team) => ({
                value: `team:${team.id}`,
                label: team.name,
                hint: "team",
              })),
              ...(members.data?.members ?? []).map((member) => ({
                value: `user:${member.userId}`,
                label: member.name,
              })),
            ]}
            onChange={(owner) => onChange({ owner })}
          />
        )}
      </Field>
      <Field
        label="Review by"
        help="From this day on it stands first among the runbooks, as due. Empty: no day."
      >
        {(control) => (
          <Input
            {...control}
            type="date"
            value={form.reviewBy}
            onChange={(event) => onChange({ reviewBy: event.target.value })}
          />
        )}
      </Field>
      <Field label="What this version changes" help="Stands in its history.">
        {(control) => (
          <Input
            {...control}
            value={form.note}
            maxLength={runbookLimits.changeNoteLengthMax}
            onChange={(event) => onChange({ note: event.target.value })}
          />
        )}
      </Field>
    </fieldset>
  );
}
