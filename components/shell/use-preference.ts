"use client";

import { useState } from "react";
import type { Theme } from "./theme.ts";
import { parseTheme, railCookie, themeCookie } from "./theme.ts";

const yearSeconds = 365 * 24 * 60 * 60;

function writeCookie(name: string, value: string): void {
  // biome-ignore lint/suspicious/noDocumentCookie: the Cookie Store API is not in every browser that we support
  document.cookie = `${name}=${value}; path=/; max-age=${yearSeconds}; samesite=lax`;
}

/** Kept in a cookie, so that the server paints the first frame in the right one. */
export function useTheme(): [Theme, (theme: Theme) => void] {
  const [theme, setTheme] = useState<Theme>(() =>
    typeof document === "undefined" ? "system" : parseTheme(document.documentElement.dataset.theme),
  );
  const change = (next: Theme) => {
    writeCookie(themeCookie, next);
    if (next === "system") delete document.documentElement.dataset.theme;
    else document.documentElement.dataset.theme = next;
    setTheme(next);
  };
  return [theme, change];
}

export function useRail(initial: boolean): [boolean, (isNarrow: boolean) => void] {
  const [isNarrow, setIsNarrow] = useState(initial);
  const change = (next: boolean) => {
    writeCookie(railCookie, next ? "narrow" : "wide");
    setIsNarrow(next);
  };
  return [isNarrow, change];
}
