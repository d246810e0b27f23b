"use client";

import { CopyButton } from "./copy-button.tsx";

/** Short code is shown whole; long code scrolls in a place of its own, its lines unbroken. */
export function CodeBlock({
  code,
  label,
  isLong = false,
}: {
  code: string;
  label: string;
  isLong?: boolean;
}) {
  return (
    <figure className="relative rounded-lg border bg-sunken">
      <figcaption className="flex h-10 items-center justify-between border-b pr-1.5 pl-3 text-ink-3 text-xs">
        {label}
        <CopyButton text={code} />
      </figcaption>
      <pre
        tabIndex={isLong ? 0 : undefined}
        className={
          isLong
            ? "focus-inset max-h-72 overflow-auto whitespace-pre px-3 py-3 font-mono text-xs"
            : "whitespace-pre-wrap break-words px-3 py-3 font-mono text-sm"
        }
      >
        <code>{code}</code>
      </pre>
    </figure>
  );
}
