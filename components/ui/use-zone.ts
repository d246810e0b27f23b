"use client";

import { useSyncExternalStore } from "react";

const subscribe = () => () => {};

/** The reader's time zone; UTC while the server renders. */
export function useZone(): string {
  return useSyncExternalStore(
    subscribe,
    () => new Intl.DateTimeFormat().resolvedOptions().timeZone || "UTC",
    () => "UTC",
  );
}
