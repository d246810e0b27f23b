"use client";

import type { ComponentProps } from "react";
import { useState } from "react";
import { Input } from "../ui/field.tsx";

/** A number that may be half typed: what is no number yet stays on the screen, and is not passed on. */
export function NumberInput({
  value,
  onChange,
  ...rest
}: Omit<ComponentProps<typeof Input>, "value" | "onChange" | "type"> & {
  value: number;
  onChange: (value: number) => void;
}) {
  const [text, setText] = useState<string | null>(null);
  return (
    <Input
      {...rest}
      inputMode="decimal"
      className="tabular"
      value={text ?? String(value)}
      onChange={(event) => {
        const next = event.target.value;
        setText(next);
        const parsed = Number(next.replace(",", "."));
        if (next.trim() !== "" && Number.isFinite(parsed)) onChange(parsed);
      }}
      onBlur={() => setText(null)}
    />
  );
}
