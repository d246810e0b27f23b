"use client";

import { clsx } from "clsx";
import { Check, ChevronDown } from "lucide-react";
import { Select as Primitive } from "radix-ui";

export interface SelectOption {
  value: string;
  label: string;
  hint?: string;
}

export interface SelectProps {
  value: string;
  options: readonly SelectOption[];
  onChange: (value: string) => void;
  /** Said to a screen reader, and shown before the value when `prefix` is set. */
  label: string;
  prefix?: string;
  id?: string;
  className?: string;
  disabled?: boolean;
}

export function Select(props: SelectProps) {
  const { value, options, onChange, label, prefix, id, className, disabled } = props;
  return (
    <Primitive.Root value={value} onValueChange={onChange} disabled={disabled ?? false}>
      <Primitive.Trigger
        id={id}
        aria-label={label}
        className={clsx(
          "inline-flex h-8 min-w-0 items-center gap-1.5 rounded-md border border-line-strong/50 bg-raised px-2.5 text-ink text-sm hover:border-line-strong hover:bg-hover disabled:opacity-50",
          className,
        )}
      >
        {prefix !== undefined && <span className="shrink-0 text-ink-3">{prefix}</span>}
        <span className="min-w-0 truncate">
          <Primitive.Value />
        </span>
        <Primitive.Icon className="ml-auto shrink-0 text-ink-3">
          <ChevronDown size={14} aria-hidden />
        </Primitive.Icon>
      </Primitive.Trigger>
      <Primitive.Portal>
        <Primitive.Content
          position="popper"
          sideOffset={4}
          className="z-50 max-h-80 min-w-(--radix-select-trigger-width) max-w-[calc(100vw-24px)] overflow-hidden rounded-lg bg-raised shadow-float"
        >
          <Primitive.Viewport className="p-1">
            {options.map((option) => (
              <Primitive.Item
                key={option.value}
                value={option.value}
                className="flex h-8 select-none items-center gap-2 rounded-md px-2 text-ink text-sm outline-none data-highlighted:bg-hover"
              >
                <span className="size-3.5 shrink-0 text-accent">
                  <Primitive.ItemIndicator>
                    <Check size={14} aria-hidden />
                  </Primitive.ItemIndicator>
                </span>
                <Primitive.ItemText>{option.label}</Primitive.ItemText>
                {option.hint !== undefined && (
                  <span className="ml-auto pl-4 text-ink-3 text-xs">{option.hint}</span>
                )}
              </Primitive.Item>
            ))}
          </Primitive.Viewport>
        </Primitive.Content>
      </Primitive.Portal>
    </Primitive.Root>
  );
}
