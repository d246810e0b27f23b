"use client";

import { useState } from "react";
import { partsIn, zoneName } from "#lib/charts/format-time.ts";
import { Button } from "../ui/button.tsx";
import { Field, Input } from "../ui/field.tsx";
import { readNow } from "../ui/use-now.ts";

export interface InstantsFormProps {
  zone: string;
  from: string | undefined;
  until: string | undefined;
  /** How long the shown range is, while its instants move along with the clock. */
  lengthMs: number;
  onApply: (from: string, until: string) => void;
}

/** Two instants, typed in the reader's zone and handed on as UTC. */
export function InstantsForm({ zone, from, until, lengthMs, onApply }: InstantsFormProps) {
  const [openedMs] = useState(readNow);
  const [fromText, setFromText] = useState(() =>
    toInput(from === undefined ? openedMs - lengthMs : Date.parse(from), zone),
  );
  const [untilText, setUntilText] = useState(() =>
    toInput(until === undefined ? openedMs : Date.parse(until), zone),
  );
  const fromMs = Date.parse(fromText);
  const untilMs = Date.parse(untilText);
  const isValid = fromMs < untilMs;
  return (
    <form
      className="flex flex-col gap-2"
      onSubmit={(event) => {
        event.preventDefault();
        if (isValid) onApply(new Date(fromMs).toISOString(), new Date(untilMs).toISOString());
      }}
    >
      <Field label="From">
        {(control) => (
          <Input
            {...control}
            type="datetime-local"
            value={fromText}
            onChange={(event) => setFromText(event.target.value)}
          />
        )}
      </Field>
      <Field
        label="Until"
        error={isValid ? null : "This must be after the start."}
        help={`Times are ${zoneName(zone, openedMs)}.`}
      >
        {(control) => (
          <Input
            {...control}
            type="datetime-local"
            value={untilText}
            onChange={(event) => setUntilText(event.target.value)}
          />
        )}
      </Field>
      <Button kind="primary" type="submit" disabled={!isValid} className="self-end">
        Apply
      </Button>
    </form>
  );
}

function toInput(timeMs: number, zone: string): string {
  const { year, month, day, hour, minute } = partsIn(zone, timeMs);
  const two = (value: number) => String(value).padStart(2, "0");
  return `${year}-${two(month)}-${two(day)}T${two(hour)}:${two(minute)}`;
}
