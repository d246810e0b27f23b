"use client";

import { keepPreviousData, useQuery } from "@tanstack/react-query";
import { qualityQuery } from "#lib/api/quality.ts";
import { prepareQualityAnswer } from "#lib/charts/prepare-quality-answer.ts";
import { ReferencePicker } from "../drift/reference-picker.tsx";
import { ModelHeader } from "../model/model-header.tsx";
import { toSegmentScope } from "../model/to-model-scope.ts";
import { QueryView } from "../request/query-view.tsx";
import { PageBody } from "../shell/page-header.tsx";
import { useScope } from "../shell/use-scope.ts";
import { Skeleton, SkeletonTable } from "../ui/skeleton.tsx";
import { QualityBoard } from "./quality-board.tsx";

const refetchMs = 30_000;

export function QualityPage({ workspace, model }: { workspace: string; model: string }) {
  const scope = useScope();
  const query = useQuery({
    ...qualityQuery(workspace, model, { ...toSegmentScope(scope), ...scope.reference }),
    refetchInterval: refetchMs,
    placeholderData: keepPreviousData,
  });
  return (
    <>
      <ModelHeader
        hasSegment
        workspace={workspace}
        model={model}
        query={query}
        version={query.data?.version ?? null}
        answer={query.data ? prepareQualityAnswer(query.data, scope.rangeText, scope.zone) : null}
        controls={<ReferencePicker workspace={workspace} model={model} />}
      />
      <PageBody>
        <QueryView query={query} what={`The quality of ${model}`} skeleton={<QualitySkeleton />}>
          {(quality) => <QualityBoard workspace={workspace} model={model} quality={quality} />}
        </QueryView>
      </PageBody>
    </>
  );
}

function QualitySkeleton() {
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
