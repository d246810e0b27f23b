import { clsx } from "clsx";
import Link from "next/link";
import type { ReactNode } from "react";

/** The link of a table's row: the whole row can be clicked, and j, k and Enter reach it. */
export function RowLink({
  href,
  children,
  className,
}: {
  href: string;
  children: ReactNode;
  className?: string;
}) {
  return (
    <Link
      href={href}
      data-row-link
      prefetch={false}
      className={clsx("after:absolute after:inset-0 focus-inset", className)}
    >
      {children}
    </Link>
  );
}

export function RowButton({
  onClick,
  children,
  className,
  isPressed,
  title,
}: {
  onClick: () => void;
  children: ReactNode;
  className?: string;
  isPressed?: boolean;
  /** The whole of what may be cut off. */
  title?: string;
}) {
  return (
    <button
      type="button"
      data-row-link
      title={title}
      aria-pressed={isPressed}
      onClick={onClick}
      className={clsx("focus-inset text-left after:absolute after:inset-0", className)}
    >
      {children}
    </button>
  );
}
