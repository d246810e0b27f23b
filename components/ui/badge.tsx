import { clsx } from "clsx";
import type { ReactNode } from "react";

/** A quiet word beside a name: a role, a type, a state that is not health. */
export function Badge({ children, isMono = false }: { children: ReactNode; isMono?: boolean }) {
  return (
    <span
      className={clsx(
        "inline-flex h-5 items-center whitespace-nowrap rounded-sm bg-unknown-soft px-1.5 text-ink-2 text-xs",
        isMono && "font-mono",
      )}
    >
      {children}
    </span>
  );
}
