"use client";

import { clsx } from "clsx";
import { Check } from "lucide-react";
import { DropdownMenu as Primitive } from "radix-ui";
import type { ReactNode } from "react";

export interface MenuProps {
  trigger: ReactNode;
  children: ReactNode;
  align?: "start" | "end";
  side?: "top" | "bottom" | "right";
}

/** A menu that opens from its trigger; the trigger is a button of the caller's. */
export function Menu({ trigger, children, align = "start", side = "bottom" }: MenuProps) {
  return (
    <Primitive.Root modal={false}>
      <Primitive.Trigger asChild>{trigger}</Primitive.Trigger>
      <Primitive.Portal>
        <Primitive.Content
          align={align}
          side={side}
          sideOffset={4}
          collisionPadding={8}
          className="z-50 max-h-[70vh] min-w-52 max-w-80 overflow-y-auto rounded-lg bg-raised p-1 shadow-float"
        >
          {children}
        </Primitive.Content>
      </Primitive.Portal>
    </Primitive.Root>
  );
}

const itemClass =
  "flex min-h-8 select-none items-center gap-2 rounded-md px-2 text-sm text-ink outline-none data-disabled:text-ink-3 data-highlighted:bg-hover";

export interface MenuItemProps {
  onSelect: () => void;
  children: ReactNode;
  icon?: ReactNode;
  hint?: ReactNode;
  isChecked?: boolean;
  isDanger?: boolean;
  isDisabled?: boolean;
}

export function MenuItem(props: MenuItemProps) {
  const { onSelect, children, icon, hint, isChecked, isDanger, isDisabled } = props;
  return (
    <Primitive.Item
      onSelect={onSelect}
      disabled={isDisabled ?? false}
      className={clsx(itemClass, isDanger === true && "text-breach")}
    >
      {isChecked !== undefined && (
        <span className="size-3.5 shrink-0 text-accent">
          {isChecked && <Check size={14} aria-label="chosen" />}
        </span>
      )}
      {icon !== undefined && <span className="shrink-0 text-ink-3">{icon}</span>}
      <span className="min-w-0 truncate">{children}</span>
      {hint !== undefined && (
        <span className="ml-auto shrink-0 pl-4 text-ink-3 text-xs">{hint}</span>
      )}
    </Primitive.Item>
  );
}

export function MenuLabel({ children }: { children: ReactNode }) {
  return (
    <Primitive.Label className="px-2 pt-1.5 pb-1 font-medium text-ink-3 text-xs">
      {children}
    </Primitive.Label>
  );
}

export function MenuLine() {
  return <Primitive.Separator className="-mx-1 my-1 h-px bg-line" />;
}
