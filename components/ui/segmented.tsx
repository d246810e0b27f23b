"use client";

import { clsx } from "clsx";
import { useId } from "react";

export interface SegmentedProps<T extends string> {
  value: T;
  onChange: (value: T) => void;
  label: string;
  options: readonly { value: T; label: string }[];
}

/** One of a few, all of them visible: the browser's own radio buttons, which bring their keys with them. */
export function Segmented<T extends string>({
  value,
  onChange,
  label,
  options,
}: SegmentedProps<T>) {
  const name = useId();
  return (
    <div
      role="radiogroup"
      aria-label={label}
      className="inline-flex h-8 shrink-0 items-center rounded-md border border-line-strong/50 bg-raised p-0.5"
    >
      {options.map((option) => (
        <label
          key={option.value}
          className={clsx(
            "relative flex h-full cursor-pointer items-center rounded-sm px-2 text-sm has-focus-visible:outline-2 has-focus-visible:outline-accent",
            option.value === value
              ? "bg-selected font-medium text-accent"
              : "text-ink-2 hover:text-ink",
          )}
        >
          <input
            type="radio"
            name={name}
            value={option.value}
            checked={option.value === value}
            onChange={() => onChange(option.value)}
            className="absolute inset-0 cursor-pointer opacity-0"
          />
          {option.label}
        </label>
      ))}
    </div>
  );
}
