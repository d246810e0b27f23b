"use client";

import type { RefObject } from "react";
import { useLayoutEffect } from "react";

/** Keeps a scroller at its right end, where the newest is, however wide it and what is in it become. Who scrolls away stays where
 *  they are; who comes back to the end is kept there again. */
export function useNewestEnd(scroller: RefObject<HTMLElement | null>): void {
  useLayoutEffect(() => {
    const element = scroller.current;
    const content = element?.lastElementChild;
    if (element == null || content == null) return;
    let isAtEnd = true;
    let left = 0;
    const goToEnd = () => {
      if (isAtEnd) element.scrollLeft = element.scrollWidth;
      left = element.scrollLeft;
    };
    const onScroll = () => {
      // Up and down says nothing of it.
      if (element.scrollLeft === left) return;
      left = element.scrollLeft;
      isAtEnd = left + element.clientWidth >= element.scrollWidth - 1;
    };
    const observer = new ResizeObserver(goToEnd);
    observer.observe(element);
    observer.observe(content);
    element.addEventListener("scroll", onScroll, { passive: true });
    return () => {
      observer.disconnect();
      element.removeEventListener("scroll", onScroll);
    };
  }, [scroller]);
}
