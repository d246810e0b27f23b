"use client";

import { clsx } from "clsx";
import { ToggleGroup } from "radix-ui";

export interface SegmentedProps<T extends string> {
  value: T;
  onChange: (value: T) => void;
  label: string;
  options: readonly { value: T; label: string }[];
}

/** One of a few, all of them visible. */
export function Segmented<T extends string>({
  value,
  onChange,
  label,
  options,
}: SegmentedProps<T>) {
  return (
    <ToggleGroup.Root
      type="single"
      value={value}
      aria-label={label}
      onValueChange={(next) => {
        const chosen = options.find((option) => option.value === next);
        if (chosen !== undefined) onChange(chosen.value);
      }}
      className="inline-flex h-8 shrink-0 items-center rounded-md border border-line-strong/50 bg-raised p-0.5"
    >
      {options.map((option) => (
        <ToggleGroup.Item
          key={option.value}
          value={option.value}
          className={clsx(
            "h-full rounded-sm px-2 text-sm",
            option.value === value
              ? "bg-selected font-medium text-accent"
              : "text-ink-2 hover:text-ink",
          )}
        >
          {option.label}
        </ToggleGroup.Item>
      ))}
    </ToggleGroup.Root>
  );
}
