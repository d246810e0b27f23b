"use client";

import { useState } from "react";
import type { Factor } from "#lib/domain/postmortem.ts";

/** What somebody has typed and not saved, with the revision that they began from. */
export interface SectionDraft {
  text: string;
  factors: Factor[];
  revision: number;
}

/** A draft outlives a reload and a lost connection: it stays in the browser's session until it is saved or thrown away. */
export function useSectionDraft(
  name: string,
): [SectionDraft | null, (draft: SectionDraft | null) => void] {
  const key = `plumbline:section:${name}`;
  const [draft, setDraft] = useState<SectionDraft | null>(() => read(key));
  return [
    draft,
    (next) => {
      setDraft(next);
      write(key, next);
    },
  ];
}

function read(key: string): SectionDraft | null {
  if (typeof window === "undefined") return null;
  try {
    const found: unknown = JSON.parse(window.sessionStorage.getItem(key) ?? "null");
    return isDraft(found) ? found : null;
  } catch {
    return null;
  }
}

/** Where the browser keeps nothing, the page itself still does. */
function write(key: string, draft: SectionDraft | null): void {
  try {
    if (draft === null) window.sessionStorage.removeItem(key);
    else window.sessionStorage.setItem(key, JSON.stringify(draft));
  } catch {
    return;
  }
}

function isDraft(value: unknown): value is SectionDraft {
  return (
    typeof value === "object" &&
    value !== null &&
    "text" in value &&
    typeof value.text === "string" &&
    "factors" in value &&
    Array.isArray(value.factors) &&
    "revision" in value &&
    typeof value.revision === "number"
  );
}
