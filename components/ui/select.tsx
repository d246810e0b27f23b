"use client";

import { clsx } from "clsx";
import { ChevronDown } from "lucide-react";
import { Menu } from "./menu.tsx";

export interface SelectOption {
  value: string;
  label: string;
  hint?: string;
}

export interface SelectProps {
  value: string;
  options: readonly SelectOption[];
  onChange: (value: string) => void;
  /** Said to a screen reader with the value; `prefix` is what the eye sees before it. */
  label: string;
  prefix?: string;
  /** What stands there while nothing is chosen. */
  placeholder?: string;
  id?: string;
  className?: string;
}

/** One of many, shown on demand. */
export function Select(props: SelectProps) {
  const { value, options, onChange, label, prefix, placeholder, id, className } = props;
  const shown = value === "" ? placeholder : value;
  const chosen = options.find((option) => option.value === value)?.label ?? shown ?? value;
  return (
    <Menu
      trigger={
        <button
          type="button"
          id={id}
          aria-label={`${label}: ${chosen}`}
          className={clsx(
            "inline-flex h-8 min-w-0 items-center gap-1.5 rounded-md border border-line-strong/50 bg-raised px-2.5 text-ink text-sm hover:border-line-strong hover:bg-hover",
            className,
          )}
        >
          {prefix !== undefined && <span className="shrink-0 text-ink-3">{prefix}</span>}
          <span className="min-w-0 truncate">{chosen}</span>
          <ChevronDown size={14} aria-hidden className="ml-auto shrink-0 text-ink-3" />
        </button>
      }
      entries={options.map((option) => ({
        kind: "item",
        id: option.value,
        text: option.label,
        isChecked: option.value === value,
        onSelect: () => onChange(option.value),
        ...(option.hint !== undefined && { hint: option.hint }),
      }))}
    />
  );
}
