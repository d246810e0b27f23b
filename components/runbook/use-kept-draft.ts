"use client";

import { useEffect, useState } from "react";
import type { RunbookFormState } from "#lib/charts/draft-runbook.ts";
import { isSameRunbook, readKeptRunbook } from "#lib/charts/draft-runbook.ts";

/** Keeps what is typed in this tab until it is saved, and asks before the tab closes over it. `kept` is what an earlier visit left. */
export function useKeptDraft(key: string, form: RunbookFormState, start: RunbookFormState) {
  const [kept, setKept] = useState<RunbookFormState | null>(null);
  const isDirty = !isSameRunbook(form, start);

  // biome-ignore lint/correctness/useExhaustiveDependencies: what was left is looked for once, when the form opens
  useEffect(() => setKept(readKeptRunbook(window.sessionStorage.getItem(key), start)), []);

  useEffect(() => {
    if (!isDirty) return;
    window.sessionStorage.setItem(key, JSON.stringify(form));
    const ask = (event: BeforeUnloadEvent) => event.preventDefault();
    window.addEventListener("beforeunload", ask);
    return () => window.removeEventListener("beforeunload", ask);
  }, [key, form, isDirty]);

  const forget = () => {
    window.sessionStorage.removeItem(key);
    setKept(null);
  };
  return { kept, isDirty, forget, hideKept: () => setKept(null) };
}
