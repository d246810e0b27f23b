"use client";

import { X } from "lucide-react";
import { Dialog as Primitive } from "radix-ui";
import { buttonClass } from "./button.tsx";
import type { DialogProps } from "./dialog.tsx";

export function DialogPanel({ isOpen, onOpenChange, title, description, children }: DialogProps) {
  return (
    <Primitive.Root open={isOpen} onOpenChange={onOpenChange}>
      <Primitive.Portal>
        <Primitive.Overlay className="fixed inset-0 z-40 bg-[#0b0e1266]" />
        <Primitive.Content
          className="fixed top-[12vh] left-1/2 z-50 flex max-h-[80vh] w-[min(520px,calc(100vw-24px))] -translate-x-1/2 flex-col rounded-lg bg-raised shadow-float focus:outline-none"
          {...(description === undefined && { "aria-describedby": undefined })}
        >
          <div className="flex items-start gap-3 px-5 pt-4">
            <div className="min-w-0 flex-1">
              <Primitive.Title className="font-semibold text-lg">{title}</Primitive.Title>
              {description !== undefined && (
                <Primitive.Description className="mt-1 text-ink-2 text-sm">
                  {description}
                </Primitive.Description>
              )}
            </div>
            <Primitive.Close
              className={buttonClass({ kind: "quiet", size: "iconSm" })}
              aria-label="Close"
            >
              <X size={16} aria-hidden />
            </Primitive.Close>
          </div>
          <div className="min-h-0 overflow-y-auto px-5 pt-4 pb-5">{children}</div>
        </Primitive.Content>
      </Primitive.Portal>
    </Primitive.Root>
  );
}
