"use client";

import { useSyncExternalStore } from "react";

// The console's one clock: every relative time on a page turns over together, and none of them runs its own timer.
const tickMs = 1_000;
const listeners = new Set<() => void>();
let nowMs = Date.now();
let timer: ReturnType<typeof setInterval> | null = null;

function subscribe(listener: () => void): () => void {
  listeners.add(listener);
  timer ??= setInterval(() => {
    nowMs = Date.now();
    for (const each of listeners) each();
  }, tickMs);
  return () => {
    listeners.delete(listener);
    if (listeners.size > 0 || timer === null) return;
    clearInterval(timer);
    timer = null;
  };
}

/** Now, in ms, at a resolution of `everyMs`; null while the server renders, since it does not know the reader's time. */
export function useNow(everyMs = 1_000): number | null {
  return useSyncExternalStore(
    subscribe,
    () => Math.floor(nowMs / everyMs) * everyMs,
    () => null,
  );
}

/** The instant of an action, such as opening a page. */
export const readNow = (): number => Date.now();
