import type { ReactNode } from "react";

/** Says why it is empty and gives the next action. */
export function EmptyState({
  title,
  children,
  action,
}: {
  title: string;
  children?: ReactNode;
  action?: ReactNode;
}) {
  return (
    <div className="rounded-lg border border-dashed px-5 py-8">
      <p className="font-medium">{title}</p>
      {children !== undefined && (
        <div className="mt-1 max-w-[68ch] text-ink-2 text-sm">{children}</div>
      )}
      {action !== undefined && <div className="mt-4 flex flex-wrap gap-2">{action}</div>}
    </div>
  );
}
