"use client";

import type { ReactNode } from "react";
import { lazy, Suspense, useState } from "react";

export interface DialogProps {
  isOpen: boolean;
  onOpenChange: (isOpen: boolean) => void;
  title: string;
  description?: ReactNode;
  children: ReactNode;
}

const DialogPanel = lazy(() =>
  import("./dialog-panel.tsx").then((module) => ({ default: module.DialogPanel })),
);

/** Fetched when it first opens. What was typed in it is its owner's, and outlives it. */
export function Dialog(props: DialogProps) {
  const [wasOpen, setWasOpen] = useState(props.isOpen);
  if (props.isOpen && !wasOpen) setWasOpen(true);
  if (!wasOpen) return null;
  return (
    <Suspense fallback={null}>
      <DialogPanel {...props} />
    </Suspense>
  );
}
