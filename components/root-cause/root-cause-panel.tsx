"use client";

import { keepPreviousData, useQuery } from "@tanstack/react-query";
import { rootCauseQuery } from "#lib/api/root-cause.ts";
import { prepareRootCause } from "#lib/charts/prepare-root-cause.ts";
import { toModelScope } from "../model/to-model-scope.ts";
import { useScope } from "../shell/use-scope.ts";
import { Button } from "../ui/button.tsx";
import { SentenceText } from "../ui/sentence-text.tsx";
import { CauseBars } from "./cause-bars.tsx";
import { CauseSegmentTable } from "./cause-segment-table.tsx";
import type { RootCauseCardProps } from "./root-cause-card.tsx";
import { RootCauseSkeleton } from "./root-cause-skeleton.tsx";

export function RootCausePanel({ workspace, model, of }: RootCauseCardProps) {
  const scope = useScope();
  const { data, isPending, isError, refetch } = useQuery({
    ...rootCauseQuery(workspace, model, { ...toModelScope(scope), ...scope.reference, of }),
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
  const answer = prepareRootCause(data);
  return (
    <section aria-label="What explains it" className="min-w-0">
      <h2 className="flex flex-wrap items-baseline gap-x-3 font-semibold text-base">
        What explains it
        {answer.rows.length > 0 && (
          <span className="font-normal text-ink-3 text-xs">{answer.unit}</span>
        )}
      </h2>
      <p className="mt-1 max-w-4xl text-pretty text-base">
        <SentenceText parts={answer.headline} />
      </p>
      {answer.rows.length > 0 && <CauseBars workspace={workspace} model={model} answer={answer} />}
      {answer.details.map((detail, i) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: sentences have no names, and their order is theirs.
        <p key={i} className="mt-1 max-w-4xl text-pretty text-ink-2 text-sm">
          <SentenceText parts={detail} />
        </p>
      ))}
      {answer.segments.map((segments) => (
        <CauseSegmentTable
          key={segments.key}
          workspace={workspace}
          model={model}
          page={of === "performance" ? "performance" : "drift"}
          segments={segments}
        />
      ))}
    </section>
  );
}
