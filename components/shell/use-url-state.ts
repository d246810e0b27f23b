"use client";

import { usePathname, useSearchParams } from "next/navigation";
import { useCallback } from "react";

export type UrlPatch = Record<string, string | null>;

/** What a page shows stands in its address: Back works, and a copied link shows the same thing. */
export function useUrlState() {
  const search = useSearchParams();
  const path = usePathname();
  const set = useCallback(
    (patch: UrlPatch, mode: "push" | "replace" = "push") => {
      const next = new URLSearchParams(window.location.search);
      for (const [name, value] of Object.entries(patch)) {
        if (value === null || value === "") next.delete(name);
        else next.set(name, value);
      }
      const suffix = next.size > 0 ? `?${next.toString()}` : "";
      if (mode === "push") window.history.pushState(null, "", `${path}${suffix}`);
      else window.history.replaceState(null, "", `${path}${suffix}`);
    },
    [path],
  );
  return { get: (name: string) => search.get(name) ?? undefined, set };
}
