"use client";

import { CopyButton } from "../ui/copy-button.tsx";

/** A whole secret, the only time that anybody sees it. */
export function SecretOnce({
  secret,
  what = "key",
  isHashed = true,
}: {
  secret: string;
  what?: string;
  isHashed?: boolean;
}) {
  return (
    <div className="rounded-lg border border-accent/50 bg-selected px-3 py-2.5">
      <div className="flex items-center gap-2">
        <code className="min-w-0 flex-1 select-all break-all font-mono text-sm">{secret}</code>
        <CopyButton text={secret} label={`Copy the ${what}`} />
      </div>
      <p className="mt-1 text-ink-2 text-xs">
        Copy it now: it is stored {isHashed ? "hashed" : "sealed"} and can't be shown again.
      </p>
    </div>
  );
}
