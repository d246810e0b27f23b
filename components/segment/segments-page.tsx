"use client";

import { keepPreviousData, useQuery } from "@tanstack/react-query";
import { segmentListQuery, worstSegmentsQuery } from "#lib/api/segment.ts";
import { prepareSegmentsAnswer } from "#lib/charts/prepare-segments-answer.ts";
import { ReferencePicker } from "../drift/reference-picker.tsx";
import { ModelHeader } from "../model/model-header.tsx";
import { toModelScope } from "../model/to-model-scope.ts";
import { QueryView } from "../request/query-view.tsx";
import { PageBody } from "../shell/page-header.tsx";
import { useScope } from "../shell/use-scope.ts";
import { useUrlState } from "../shell/use-url-state.ts";
import { Select } from "../ui/select.tsx";
import { Skeleton, SkeletonTable } from "../ui/skeleton.tsx";
import { SegmentKeys } from "./segment-keys.tsx";
import { SegmentTable } from "./segment-table.tsx";
import { WorstTable } from "./worst-table.tsx";

const refetchMs = 30_000;

export function SegmentsPage({ workspace, model }: { workspace: string; model: string }) {
  const scope = useScope();
  const { get, set } = useUrlState();
  const by = get("by") ?? scope.segment?.key;
  const live = { refetchInterval: refetchMs, placeholderData: keepPreviousData };
  const list = useQuery({
    ...segmentListQuery(workspace, model, {
      ...toModelScope(scope),
      ...scope.reference,
      ...(by !== undefined && { segmentKey: by }),
    }),
    ...live,
  });
  const worst = useQuery({ ...worstSegmentsQuery(workspace, model, toModelScope(scope)), ...live });
  const answer =
    list.data === undefined || worst.data === undefined
      ? null
      : prepareSegmentsAnswer(list.data, worst.data, scope.rangeText);
  const keys = list.data?.segmentKeys ?? [];
  return (
    <>
      <ModelHeader
        workspace={workspace}
        model={model}
        query={list}
        answer={answer}
        isComparing
        controls={
          <>
            {keys.length > 1 && (
              <Select
                label="Key"
                prefix="by"
                value={list.data?.segmentKey ?? ""}
                options={keys.map((value) => ({ value, label: value }))}
                onChange={(value) => set({ by: value })}
              />
            )}
            <ReferencePicker workspace={workspace} model={model} />
          </>
        }
      />
      <PageBody>
        {list.data?.segmentKey !== null && (
          <>
            <QueryView
              query={worst}
              what={`The worst segments of ${model}`}
              skeleton={<Skeleton className="h-32 w-full" />}
            >
              {(data) => <WorstTable workspace={workspace} model={model} worst={data} />}
            </QueryView>
            <QueryView
              query={list}
              what={`The segments of ${model}`}
              skeleton={<SkeletonTable rows={6} columns={8} />}
            >
              {(data) => <SegmentTable workspace={workspace} model={model} list={data} />}
            </QueryView>
          </>
        )}
        <SegmentKeys workspace={workspace} model={model} />
      </PageBody>
    </>
  );
}
