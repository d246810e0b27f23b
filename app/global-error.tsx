"use client";

import { BrokenPage } from "#components/shell/broken-page.tsx";
import "./globals.css";

export default function GlobalError({
  error,
  reset,
}: {
  error: Error & { digest?: string };
  reset: () => void;
}) {
  return (
    <html lang="en">
      <body>
        <BrokenPage digest={error.digest ?? null} onRetry={reset} />
      </body>
    </html>
  );
}
