"use client";

import type { ActionDraft } from "#lib/charts/draft-action.ts";
import { bodyProblem } from "#lib/charts/draft-action.ts";
import { actionKindNames } from "#lib/charts/name-action.ts";
import { actionKindSchema, actionLimits } from "#lib/domain/action.ts";
import { templateNames } from "#lib/rules/fill-template.ts";
import { TextArea } from "../incident/text-area.tsx";
import { Field, Input } from "../ui/field.tsx";
import { Select } from "../ui/select.tsx";
import { Tick } from "./tick.tsx";

const kinds = actionKindSchema.options.map((value) => ({ value, label: actionKindNames[value] }));
const methods = ["POST", "PUT", "PATCH"] as const;

/** Where it goes, and with what. */
export function ActionCallFields({
  draft,
  isNew,
  hasToken,
  onChange,
}: {
  draft: ActionDraft;
  isNew: boolean;
  hasToken: boolean;
  onChange: (change: Partial<ActionDraft>) => void;
}) {
  return (
    <>
      <div className="grid gap-4 sm:grid-cols-2">
        <Field label="Kind">
          {({ id }) => (
            <Select
              id={id}
              label="Kind"
              value={draft.kind}
              options={kinds}
              onChange={(value) => onChange({ kind: actionKindSchema.parse(value) })}
            />
          )}
        </Field>
        <Field label="Method">
          {({ id }) => (
            <Select
              id={id}
              label="Method"
              value={draft.method}
              options={methods.map((value) => ({ value, label: value }))}
              onChange={(value) =>
                onChange({ method: methods.find((each) => each === value) ?? "POST" })
              }
            />
          )}
        </Field>
      </div>
      <Field label="Address" help="Stored sealed. It gets the body, signed by Standard Webhooks.">
        {(control) => (
          <Input
            {...control}
            required={isNew}
            maxLength={actionLimits.urlLengthMax}
            autoComplete="off"
            spellCheck={false}
            placeholder={isNew ? "https://…" : "set; left empty it stays"}
            value={draft.url}
            onChange={({ target }) => onChange({ url: target.value })}
          />
        )}
      </Field>
      <Field label="Bearer token (optional)" help="For an endpoint that verifies no signature.">
        {(control) => (
          <Input
            {...control}
            type="password"
            autoComplete="off"
            placeholder={hasToken ? "set; left empty it stays" : ""}
            value={draft.token}
            onChange={({ target }) => onChange({ token: target.value })}
          />
        )}
      </Field>
      <Field
        label="Body"
        error={bodyProblem(draft)}
        help={`JSON; names in double braces: ${Object.keys(templateNames).join(", ")}.`}
      >
        {(control) => (
          <TextArea
            {...control}
            rows={9}
            className="font-mono text-xs"
            spellCheck={false}
            maxLength={actionLimits.bodyLengthMax}
            value={draft.body}
            onChange={({ target }) => onChange({ body: target.value })}
          />
        )}
      </Field>
      <div className="grid gap-4 sm:grid-cols-2">
        <Field label="Outcome" help="Its answer, or a signed report to callback_url.">
          {({ id }) => (
            <Select
              id={id}
              label="Outcome"
              value={draft.outcome}
              options={[
                { value: "answer", label: "The answer's status" },
                { value: "report", label: "A report later" },
              ]}
              onChange={(value) => onChange({ outcome: value === "report" ? "report" : "answer" })}
            />
          )}
        </Field>
        {draft.outcome === "report" && (
          <Field label="Report within, minutes" help="After that the outcome is unknown.">
            {(control) => (
              <Input
                {...control}
                inputMode="numeric"
                value={draft.reportMinutes}
                onChange={({ target }) => onChange({ reportMinutes: target.value })}
              />
            )}
          </Field>
        )}
        <Field label="Time limit, seconds" help="Of the call, at most 60.">
          {(control) => (
            <Input
              {...control}
              inputMode="numeric"
              value={draft.timeLimit}
              onChange={({ target }) => onChange({ timeLimit: target.value })}
            />
          )}
        </Field>
      </div>
      <Tick
        label="The endpoint does the same Idempotency-Key once"
        help="Then a call of which nobody knows how it went is sent again by itself, at most three times."
        value={draft.isIdempotent}
        onChange={(isIdempotent) => onChange({ isIdempotent })}
      />
    </>
  );
}
