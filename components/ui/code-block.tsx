"use client";

import { CopyButton } from "./copy-button.tsx";

export function CodeBlock({ code, label }: { code: string; label: string }) {
  return (
    <figure className="relative rounded-lg border bg-sunken">
      <figcaption className="flex h-10 items-center justify-between border-b pr-1.5 pl-3 text-ink-3 text-xs">
        {label}
        <CopyButton text={code} />
      </figcaption>
      <pre className="whitespace-pre-wrap break-words px-3 py-3 font-mono text-sm">
        <code>{code}</code>
      </pre>
    </figure>
  );
}
