"use client";

import { useSyncExternalStore } from "react";

const subscribe = () => () => {};

/** How the palette's key is written on this keyboard. */
export const useCommandKey = (): string =>
  useSyncExternalStore(
    subscribe,
    () => (/Mac|iPhone|iPad/.test(navigator.userAgent) ? "⌘K" : "Ctrl K"),
    () => "Ctrl K",
  );
