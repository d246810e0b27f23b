"use client";

import { Popover as Primitive } from "radix-ui";
import type { PopoverProps } from "./popover.tsx";

export function PopoverPanel(props: PopoverProps) {
  const { trigger, children, label, isOpen, onOpenChange, align } = props;
  return (
    <Primitive.Root open={isOpen} onOpenChange={onOpenChange}>
      <Primitive.Trigger asChild>{trigger}</Primitive.Trigger>
      <Primitive.Portal>
        <Primitive.Content
          align={align ?? "start"}
          sideOffset={4}
          collisionPadding={8}
          aria-label={label}
          className="z-50 max-w-[calc(100vw-16px)] rounded-lg bg-raised p-3 shadow-float focus:outline-none"
        >
          {children}
        </Primitive.Content>
      </Primitive.Portal>
    </Primitive.Root>
  );
}
