import { Skeleton, SkeletonTable } from "../ui/skeleton.tsx";

export function DriftSkeleton() {
  return (
    <div className="flex flex-col gap-8">
      <div>
        <Skeleton className="h-4 w-48" />
        <Skeleton className="mt-6 h-72 w-full rounded-lg" />
      </div>
      <SkeletonTable rows={6} columns={6} />
    </div>
  );
}
