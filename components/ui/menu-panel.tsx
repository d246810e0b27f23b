"use client";

import { Check } from "lucide-react";
import { DropdownMenu as Primitive } from "radix-ui";
import type { MenuEntry, MenuProps } from "./menu.tsx";

/** What a menu is once it was opened; it stays from then on. */
export function MenuPanel({ trigger, entries, align = "start", side = "bottom" }: MenuProps) {
  return (
    <Primitive.Root defaultOpen modal={false}>
      <Primitive.Trigger asChild>{trigger}</Primitive.Trigger>
      <Primitive.Portal>
        <Primitive.Content
          align={align}
          side={side}
          sideOffset={4}
          collisionPadding={8}
          className="z-50 max-h-[min(70vh,var(--radix-dropdown-menu-content-available-height))] min-w-[max(10rem,var(--radix-dropdown-menu-trigger-width))] max-w-80 overflow-y-auto rounded-lg bg-raised p-1 shadow-float"
        >
          {entries.map((entry) => (
            <Entry key={keyOf(entry)} entry={entry} />
          ))}
        </Primitive.Content>
      </Primitive.Portal>
    </Primitive.Root>
  );
}

function keyOf(entry: MenuEntry): string {
  switch (entry.kind) {
    case "label":
      return `label ${entry.text}`;
    case "line":
      return `line ${entry.id}`;
    case "item":
      return `item ${entry.id ?? entry.text}`;
  }
}

function Entry({ entry }: { entry: MenuEntry }) {
  switch (entry.kind) {
    case "label":
      return (
        <Primitive.Label className="px-2 pt-1.5 pb-1 font-medium text-ink-3 text-xs">
          {entry.text}
        </Primitive.Label>
      );
    case "line":
      return <Primitive.Separator className="-mx-1 my-1 h-px bg-line" />;
    case "item":
      return (
        <Primitive.Item
          onSelect={entry.onSelect}
          {...(entry.isChecked !== undefined && { "aria-current": entry.isChecked })}
          className="flex min-h-8 select-none items-center gap-2 rounded-md px-2 text-ink text-sm outline-none data-highlighted:bg-hover"
        >
          {entry.isChecked !== undefined && (
            <span className="size-3.5 shrink-0 text-accent">
              {entry.isChecked && <Check size={14} aria-hidden />}
            </span>
          )}
          {entry.icon !== undefined && <span className="shrink-0 text-ink-3">{entry.icon}</span>}
          <span className="min-w-0 truncate">{entry.text}</span>
          {entry.hint !== undefined && (
            <span className="ml-auto shrink-0 pl-4 text-ink-3 text-xs">{entry.hint}</span>
          )}
        </Primitive.Item>
      );
  }
}
