import { clsx } from "clsx";

/** A grey stand-in in the shape of what comes. */
export function Skeleton({ className }: { className?: string }) {
  return <div aria-hidden className={clsx("animate-breathe rounded-sm bg-hover", className)} />;
}

export function SkeletonTable({ rows = 6, columns = 5 }: { rows?: number; columns?: number }) {
  return (
    <div aria-hidden className="rounded-lg border">
      <div className="h-9 border-b" />
      {Array.from({ length: rows }, (_, row) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: a stand-in has no identity
        <div key={row} className="flex h-9 items-center gap-6 border-b px-3 last:border-b-0">
          {Array.from({ length: columns }, (_, column) => (
            <Skeleton
              // biome-ignore lint/suspicious/noArrayIndexKey: a stand-in has no identity
              key={column}
              className={clsx("h-3", column === 0 ? "w-40" : "w-16", column > 2 && "max-sm:hidden")}
            />
          ))}
        </div>
      ))}
    </div>
  );
}
