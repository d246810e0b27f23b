"use client";

import type { MouseEvent, ReactElement, ReactNode } from "react";
import { cloneElement, lazy, Suspense, useState } from "react";

export type MenuEntry =
  | { kind: "label"; text: string }
  | { kind: "line"; id: string }
  | {
      kind: "item";
      text: string;
      onSelect: () => void;
      id?: string;
      icon?: ReactNode;
      hint?: ReactNode;
      isChecked?: boolean;
    };

export interface MenuProps {
  /** A button; it opens the menu. */
  trigger: ReactElement<TriggerProps>;
  entries: readonly MenuEntry[];
  align?: "start" | "end";
  side?: "top" | "bottom" | "right";
}

export interface TriggerProps {
  onClick?: (event: MouseEvent<HTMLElement>) => void;
  onPointerEnter?: () => void;
  onFocus?: () => void;
  "aria-haspopup"?: "menu" | "dialog";
  "aria-expanded"?: boolean;
}

const load = () => import("./menu-panel.tsx");
const MenuPanel = lazy(() => load().then((module) => ({ default: module.MenuPanel })));

/** A menu that is fetched when somebody reaches for it: no page needs one for its first picture. */
export function Menu(props: MenuProps) {
  const [isWanted, setIsWanted] = useState(false);
  const waiting = cloneElement(props.trigger, {
    "aria-haspopup": "menu",
    "aria-expanded": false,
    onPointerEnter: () => void load(),
    onFocus: () => void load(),
    onClick: () => setIsWanted(true),
  });
  if (!isWanted) return waiting;
  return (
    <Suspense fallback={waiting}>
      <MenuPanel {...props} />
    </Suspense>
  );
}
