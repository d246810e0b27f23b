"use client";

import { keepPreviousData, useQuery } from "@tanstack/react-query";
import { predictionListQuery } from "#lib/api/prediction.ts";
import { prepareRowAnswer } from "#lib/charts/prepare-row-answer.ts";
import { ModelHeader } from "../model/model-header.tsx";
import { toSegmentScope } from "../model/to-model-scope.ts";
import { QueryView } from "../request/query-view.tsx";
import { PageBody } from "../shell/page-header.tsx";
import { useScope } from "../shell/use-scope.ts";
import { useUrlState } from "../shell/use-url-state.ts";
import { SkeletonTable } from "../ui/skeleton.tsx";
import { rowKey } from "./row-key.ts";
import { RowPanel } from "./row-panel.tsx";
import { RowSearch } from "./row-search.tsx";
import { RowTable } from "./row-table.tsx";

const shownMax = 100;

export function RowsPage({ workspace, model }: { workspace: string; model: string }) {
  const scope = useScope();
  const { get } = useUrlState();
  const predictionId = get("predictionId");
  const entityId = get("entityId");
  const query = useQuery({
    ...predictionListQuery(workspace, model, {
      ...toSegmentScope(scope),
      ...(predictionId !== undefined && { predictionId }),
      ...(entityId !== undefined && { entityId }),
      limit: shownMax,
    }),
    placeholderData: keepPreviousData,
  });
  const open = get("row");
  return (
    <>
      <ModelHeader
        workspace={workspace}
        model={model}
        query={query}
        hasSegment
        answer={
          query.data
            ? prepareRowAnswer(
                {
                  model,
                  segment: scope.segment,
                  predictionId,
                  entityId,
                  rangeText: scope.rangeText,
                },
                query.data.predictions.length,
                query.data.hasMore,
              )
            : null
        }
      />
      <PageBody>
        <RowSearch
          key={`${predictionId} ${entityId}`}
          predictionId={predictionId}
          entityId={entityId}
        />
        <QueryView
          query={query}
          what={`The rows of ${model}`}
          skeleton={<SkeletonTable rows={12} />}
        >
          {({ predictions }) => {
            const row = predictions.find((each) => rowKey(each) === open) ?? null;
            return (
              <div
                className={
                  row === null
                    ? undefined
                    : "grid gap-8 xl:grid-cols-[minmax(0,1fr)_minmax(0,480px)]"
                }
              >
                {row !== null && (
                  <div className="min-w-0 xl:order-2">
                    <RowPanel row={row} />
                  </div>
                )}
                <RowTable rows={predictions} openKey={open ?? null} isNarrow={row !== null} />
              </div>
            );
          }}
        </QueryView>
      </PageBody>
    </>
  );
}
