"use client";

import type { MonitorDefinition } from "#lib/domain/monitor-definition.ts";
import { Field } from "../ui/field.tsx";
import { Segmented } from "../ui/segmented.tsx";
import { Select } from "../ui/select.tsx";
import { NumberInput } from "./number-input.tsx";
import type { FormQuestion } from "./question-fields.tsx";
import { unitOfQuestion } from "./question-fields.tsx";

type Threshold = MonitorDefinition["threshold"];

const scales = {
  ms: { factor: 60_000, name: "minutes" },
  share: { factor: 0.01, name: "%" },
  rows: { factor: 1, name: "rows" },
  deviation: { factor: 1, name: "standard deviations" },
  floors: { factor: 1, name: "" },
  points: { factor: 0.01, name: "points" },
  none: { factor: 1, name: "" },
} as const;

/** When it fires, and when it is over. */
export function ThresholdFields({
  question,
  errorAt,
  onChange,
}: {
  question: FormQuestion;
  errorAt: (path: string) => string | null;
  onChange: (question: FormQuestion) => void;
}) {
  const { definition, fireCount, windowCount, clearCount } = question;
  const { threshold } = definition;
  const unit = unitOfQuestion(question);
  // Latency is told in milliseconds, ages in minutes.
  const { factor, name } = question.kind === "latency" ? { factor: 1, name: "ms" } : scales[unit];
  const set = (next: Threshold) =>
    onChange({ ...question, definition: { ...definition, threshold: next } });
  const shown = (value: number) => Number((value / factor).toPrecision(12));
  const inUnit = name === "" ? "" : `, in ${name}`;
  return (
    <fieldset className="grid gap-4 sm:grid-cols-2">
      <legend className="mb-3 font-semibold text-base">When it fires</legend>
      {threshold.kind === "verdict" ? (
        <Field
          label="False findings, in %"
          error={errorAt("definition.falseDiscoveryRate")}
          help="Of windows without any change, so many at most find one, over all series together."
        >
          {(control) => (
            <NumberInput
              {...control}
              value={Number((definition.falseDiscoveryRate * 100).toPrecision(6))}
              onChange={(value) =>
                onChange({
                  ...question,
                  definition: { ...definition, falseDiscoveryRate: value / 100 },
                })
              }
            />
          )}
        </Field>
      ) : (
        <Field
          label="Threshold"
          error={errorAt("definition.threshold")}
          help={
            threshold.kind === "learned"
              ? "From the same hour of the last eight weeks, weekday by weekday; past incidents do not widen it."
              : "Where it fires and where it is over, apart, so that it does not flap."
          }
        >
          {() => (
            <Segmented
              label="Threshold"
              value={threshold.kind}
              options={[
                { value: "fixed", label: "A number" },
                { value: "learned", label: "Learned from history" },
              ]}
              onChange={(kind) =>
                set(
                  kind === "learned"
                    ? { kind, direction: "either", coverage: 0.99 }
                    : { kind: "fixed", direction: "above", fire: 0, clear: 0 },
                )
              }
            />
          )}
        </Field>
      )}
      {threshold.kind !== "verdict" && (
        <Field label="Fires" error={errorAt("definition.threshold.direction")}>
          {({ id }) => (
            <Select
              id={id}
              label="Fires"
              className="w-full"
              value={threshold.direction}
              options={[
                { value: "above", label: "above it" },
                { value: "below", label: "below it" },
                ...(threshold.kind === "learned"
                  ? [{ value: "either", label: "on either side" }]
                  : []),
              ]}
              onChange={(value) => {
                if (threshold.kind === "learned")
                  set({ ...threshold, direction: value as typeof threshold.direction });
                else if (value !== "either")
                  set({
                    ...threshold,
                    direction: value as typeof threshold.direction,
                    clear: threshold.fire,
                  });
              }}
            />
          )}
        </Field>
      )}
      {threshold.kind === "fixed" && (
        <>
          <Field
            label={`Fires ${threshold.direction}${inUnit}`}
            error={errorAt("definition.threshold.fire")}
          >
            {(control) => (
              <NumberInput
                {...control}
                value={shown(threshold.fire)}
                onChange={(value) => set({ ...threshold, fire: value * factor })}
              />
            )}
          </Field>
          <Field
            label={`Clears ${threshold.direction === "above" ? "at or below" : "at or above"}${inUnit}`}
            error={errorAt("definition.threshold.clear")}
          >
            {(control) => (
              <NumberInput
                {...control}
                value={shown(threshold.clear)}
                onChange={(value) => set({ ...threshold, clear: value * factor })}
              />
            )}
          </Field>
        </>
      )}
      {threshold.kind === "learned" && (
        <Field
          label="Usual windows inside the band, in %"
          error={errorAt("definition.threshold.coverage")}
          help="99.9 fires for one usual window in a thousand."
        >
          {(control) => (
            <NumberInput
              {...control}
              value={Number((threshold.coverage * 100).toPrecision(6))}
              onChange={(value) => set({ ...threshold, coverage: value / 100 })}
            />
          )}
        </Field>
      )}
      <Field
        label="Fires when"
        error={errorAt("fireCount") ?? errorAt("windowCount")}
        help="So many of the last windows must be beyond. Unknown ones do not count."
      >
        {(control) => (
          <span className="flex items-center gap-2 text-sm">
            <NumberInput
              {...control}
              value={fireCount}
              onChange={(value) => onChange({ ...question, fireCount: Math.round(value) })}
            />
            of
            <NumberInput
              aria-label="of so many windows"
              value={windowCount}
              onChange={(value) => onChange({ ...question, windowCount: Math.round(value) })}
            />
          </span>
        )}
      </Field>
      <Field
        label="Clears after"
        error={errorAt("clearCount")}
        help="So many windows in a row that are over for sure."
      >
        {(control) => (
          <NumberInput
            {...control}
            value={clearCount}
            onChange={(value) => onChange({ ...question, clearCount: Math.round(value) })}
          />
        )}
      </Field>
      {threshold.kind !== "verdict" && (
        <label className="flex items-start gap-2 text-sm sm:col-span-2">
          <input
            type="checkbox"
            className="mt-0.5"
            checked={definition.usesInterval}
            onChange={(event) =>
              onChange({
                ...question,
                definition: { ...definition, usesInterval: event.target.checked },
              })
            }
          />
          <span>
            Fire and clear for sure only
            <span className="block text-ink-3 text-xs">
              Where a value has an interval, its bound must be beyond the threshold: small windows
              do not fire by chance.
            </span>
          </span>
        </label>
      )}
    </fieldset>
  );
}
