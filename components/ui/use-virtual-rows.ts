"use client";

import type { RefObject } from "react";
import { useLayoutEffect, useState } from "react";

export interface VirtualRows {
  first: number;
  /** One past the last. */
  end: number;
  isVirtual: boolean;
  rowHeight: number;
}

const OVERSCAN = 8;

/** Which rows of equal height are near the visible part of `scroller`; all of them while there are few. */
export function useVirtualRows(
  scroller: RefObject<HTMLElement | null>,
  count: number,
  rowHeightPlanned: number,
  plainMax: number,
): VirtualRows {
  const isVirtual = count > plainMax;
  const [view, setView] = useState({ top: 0, height: 800, rowHeight: rowHeightPlanned });
  useLayoutEffect(() => {
    const element = scroller.current;
    if (!isVirtual || element === null) return;
    const measure = () => {
      // A narrow screen gives a row a second line: what is drawn says how tall it is.
      const drawn = element.querySelector<HTMLElement>("[data-row]")?.offsetHeight;
      const rowHeight = drawn === undefined || drawn === 0 ? rowHeightPlanned : drawn;
      const top = Math.floor(element.scrollTop / rowHeight) * rowHeight;
      const height = element.clientHeight;
      setView((before) =>
        before.top === top && before.height === height && before.rowHeight === rowHeight
          ? before
          : { top, height, rowHeight },
      );
    };
    measure();
    const observer = new ResizeObserver(measure);
    observer.observe(element);
    element.addEventListener("scroll", measure, { passive: true });
    return () => {
      observer.disconnect();
      element.removeEventListener("scroll", measure);
    };
  }, [scroller, isVirtual, rowHeightPlanned]);
  const { rowHeight } = view;
  if (!isVirtual) return { first: 0, end: count, isVirtual, rowHeight };
  const first = Math.max(0, Math.floor(view.top / rowHeight) - OVERSCAN);
  const end = Math.min(count, Math.ceil((view.top + view.height) / rowHeight) + OVERSCAN);
  return { first, end, isVirtual, rowHeight };
}
