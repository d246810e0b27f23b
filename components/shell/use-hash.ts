"use client";

import { useSyncExternalStore } from "react";

// What stands behind the # reaches no server's log.
const subscribe = (listener: () => void) => {
  window.addEventListener("hashchange", listener);
  return () => window.removeEventListener("hashchange", listener);
};

/** What stands behind the #; null until the page is in the browser. */
export const useHash = (): string | null =>
  useSyncExternalStore(
    subscribe,
    () => window.location.hash.slice(1),
    () => null,
  );
