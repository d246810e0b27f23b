"use client";

import { useCallback, useState } from "react";

const keyOf = (name: string) => `plumbline draft ${name}`;

/** What is being typed, kept by the browser until it is sent: a reload, another page or an error loses none of it. */
export function useDraft(name: string) {
  const [text, setText] = useState(() => read(name));
  const set = useCallback(
    (next: string | ((before: string) => string)) =>
      setText((before) => {
        const value = typeof next === "string" ? next : next(before);
        write(name, value);
        return value;
      }),
    [name],
  );
  return [text, set] as const;
}

/** Once it is sent. */
export const clearDraft = (name: string): void => write(name, "");

/** A browser may refuse to keep anything: then the draft lives as long as the page. */
function read(name: string): string {
  try {
    return sessionStorage.getItem(keyOf(name)) ?? "";
  } catch {
    return "";
  }
}

function write(name: string, text: string): void {
  try {
    if (text === "") sessionStorage.removeItem(keyOf(name));
    else sessionStorage.setItem(keyOf(name), text);
  } catch {
    // Nothing to do: what was typed is still on the page.
  }
}
