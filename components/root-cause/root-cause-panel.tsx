"use client";

import { keepPreviousData, useQuery } from "@tanstack/react-query";
import { rootCauseQuery } from "#lib/api/root-cause.ts";
import { toSegmentScope } from "../model/to-model-scope.ts";
import { useScope } from "../shell/use-scope.ts";
import { Button } from "../ui/button.tsx";
import { RootCauseAnswer } from "./root-cause-answer.tsx";
import type { RootCauseCardProps } from "./root-cause-card.tsx";
import { RootCauseSkeleton } from "./root-cause-skeleton.tsx";

export function RootCausePanel({ workspace, model, of }: RootCauseCardProps) {
  const scope = useScope();
  const { data, isPending, isError, refetch } = useQuery({
    ...rootCauseQuery(workspace, model, { ...toSegmentScope(scope), ...scope.reference, of }),
    placeholderData: keepPreviousData,
    // Thousands of raw rows are read for it: it follows the address, and not the clock.
    staleTime: 60_000,
  });
  if (isPending) return <RootCauseSkeleton />;
  if (isError)
    return (
      <section aria-label="What explains it" className="flex flex-wrap items-center gap-3">
        <p className="text-ink-2 text-sm">
          What explains the change could not be looked up just now. Nothing is lost.
        </p>
        <Button onClick={() => void refetch()}>Try again</Button>
      </section>
    );
  return <RootCauseAnswer workspace={workspace} model={model} cause={data} />;
}
