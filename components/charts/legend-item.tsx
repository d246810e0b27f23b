import type { ReactNode } from "react";

export function LegendItem({
  color,
  children,
  shape = "block",
}: {
  color: string;
  children: ReactNode;
  shape?: "block" | "line";
}) {
  return (
    <span className="inline-flex items-center gap-1.5 text-ink-2 text-xs">
      <span
        aria-hidden
        className={shape === "block" ? "size-2.5 rounded-[2px]" : "h-0.5 w-3.5"}
        style={{ background: color }}
      />
      <span className="max-w-64 truncate">{children}</span>
    </span>
  );
}
