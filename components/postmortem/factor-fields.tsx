"use client";

import { Plus, X } from "lucide-react";
import { factorNames } from "#lib/charts/name-postmortem.ts";
import type { Factor } from "#lib/domain/postmortem.ts";
import { factorClasses, factorClassSchema, postmortemLimits } from "#lib/domain/postmortem.ts";
import { TextArea } from "../incident/text-area.tsx";
import { Button } from "../ui/button.tsx";
import { Select } from "../ui/select.tsx";

/** What made it possible: several, each of a class. */
export function FactorFields({
  factors,
  onChange,
}: {
  factors: readonly Factor[];
  onChange: (factors: Factor[]) => void;
}) {
  const put = (index: number, change: Partial<Factor>) =>
    onChange(factors.map((factor, i) => (i === index ? { ...factor, ...change } : factor)));
  return (
    <div className="flex flex-col gap-2">
      {factors.map((factor, index) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: a factor is its place in the list, whatever is typed into it
        <div key={index} className="flex items-start gap-2 max-sm:flex-wrap">
          <Select
            label="Class"
            className="w-52"
            value={factor.class}
            options={factorClasses.map((value) => ({ value, label: factorNames[value] }))}
            onChange={(value) => put(index, { class: factorClassSchema.parse(value) })}
          />
          <TextArea
            aria-label={`Factor ${index + 1}`}
            rows={2}
            maxLength={postmortemLimits.factorLengthMax}
            value={factor.text}
            onChange={(event) => put(index, { text: event.target.value })}
          />
          <Button
            kind="quiet"
            size="iconSm"
            aria-label={`Leave out factor ${index + 1}`}
            onClick={() => onChange(factors.filter((_, i) => i !== index))}
          >
            <X size={14} aria-hidden />
          </Button>
        </div>
      ))}
      {factors.length < postmortemLimits.factorsMax && (
        <Button
          size="sm"
          kind="quiet"
          className="self-start"
          onClick={() => onChange([...factors, { class: "data_source", text: "" }])}
        >
          <Plus size={14} aria-hidden />
          Add a factor
        </Button>
      )}
    </div>
  );
}
