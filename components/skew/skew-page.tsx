"use client";

import { keepPreviousData, useQuery } from "@tanstack/react-query";
import { featureSkewQuery, skewQuery } from "#lib/api/skew.ts";
import { prepareSkewAnswer } from "#lib/charts/prepare-skew-answer.ts";
import { DriftSkeleton } from "../drift/drift-skeleton.tsx";
import { ModelHeader } from "../model/model-header.tsx";
import { toSegmentScope } from "../model/to-model-scope.ts";
import { QueryView } from "../request/query-view.tsx";
import { PageBody } from "../shell/page-header.tsx";
import { useScope } from "../shell/use-scope.ts";
import { SkewBoard } from "./skew-board.tsx";

const refetchMs = 30_000;

export function SkewPage({ workspace, model }: { workspace: string; model: string }) {
  const scope = useScope();
  const live = { refetchInterval: refetchMs, placeholderData: keepPreviousData };
  const query = useQuery({ ...skewQuery(workspace, model, toSegmentScope(scope)), ...live });
  // What explains the worst feature takes a join of raw rows: the list does not wait for it.
  const worst = query.data?.features.find(({ verdict }) => verdict === "skew")?.feature;
  const detail = useQuery({
    ...featureSkewQuery(workspace, model, { ...toSegmentScope(scope), feature: worst ?? "" }),
    enabled: worst !== undefined,
    ...live,
  });
  return (
    <>
      <ModelHeader
        workspace={workspace}
        model={model}
        query={query}
        version={query.data?.version ?? null}
        hasSegment
        answer={
          query.data
            ? prepareSkewAnswer(query.data, detail.data ?? null, scope.rangeText, scope.zone)
            : null
        }
      />
      <PageBody>
        <QueryView query={query} what={`The skew of ${model}`} skeleton={<DriftSkeleton />}>
          {(skew) => <SkewBoard workspace={workspace} model={model} skew={skew} />}
        </QueryView>
      </PageBody>
    </>
  );
}
