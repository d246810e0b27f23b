import { Skeleton } from "../ui/skeleton.tsx";

/** In the shape of the panel: a heading, the answer, some bars. */
export function RootCauseSkeleton() {
  return (
    <div className="flex flex-col gap-2.5">
      <Skeleton className="h-5 w-32" />
      <Skeleton className="h-5 w-full max-w-2xl" />
      <Skeleton className="h-36 w-full" />
    </div>
  );
}
