"use client";

import type { ReactElement, ReactNode } from "react";
import { cloneElement, lazy, Suspense, useState } from "react";
import type { TriggerProps } from "./menu.tsx";

export interface PopoverProps {
  trigger: ReactElement<TriggerProps>;
  children: ReactNode;
  label: string;
  isOpen: boolean;
  onOpenChange: (isOpen: boolean) => void;
  align?: "start" | "end";
}

const load = () => import("./popover-panel.tsx");
const PopoverPanel = lazy(() => load().then((module) => ({ default: module.PopoverPanel })));

/** Fetched when somebody reaches for it, like a menu. */
export function Popover(props: PopoverProps) {
  const [isWanted, setIsWanted] = useState(false);
  const waiting = cloneElement(props.trigger, {
    "aria-haspopup": "dialog",
    "aria-expanded": false,
    onPointerEnter: () => void load(),
    onFocus: () => void load(),
    onClick: () => {
      setIsWanted(true);
      props.onOpenChange(true);
    },
  });
  if (!isWanted) return waiting;
  return (
    <Suspense fallback={waiting}>
      <PopoverPanel {...props} />
    </Suspense>
  );
}
