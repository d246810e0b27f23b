"use client";

import { useUrlState } from "./use-url-state.ts";

/** A stretch that was dragged over on any chart becomes the page's range. */
export function useZoom() {
  const { set } = useUrlState();
  return (fromMs: number, untilMs: number) =>
    set({
      range: null,
      from: new Date(fromMs).toISOString(),
      until: new Date(untilMs).toISOString(),
    });
}
