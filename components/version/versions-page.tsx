"use client";

import { keepPreviousData, useQuery } from "@tanstack/react-query";
import { versionComparisonQuery, versionListQuery } from "#lib/api/version.ts";
import { prepareVersionAnswer } from "#lib/charts/prepare-version-answer.ts";
import { ModelHeader } from "../model/model-header.tsx";
import { toModelScope } from "../model/to-model-scope.ts";
import { QueryView } from "../request/query-view.tsx";
import { PageBody } from "../shell/page-header.tsx";
import { useScope } from "../shell/use-scope.ts";
import { useUrlState } from "../shell/use-url-state.ts";
import { Skeleton, SkeletonTable } from "../ui/skeleton.tsx";
import { ComparisonBoard } from "./comparison-board.tsx";
import { VersionListTable } from "./version-list-table.tsx";

const refetchMs = 30_000;

export function VersionsPage({ workspace, model }: { workspace: string; model: string }) {
  const scope = useScope();
  const { get } = useUrlState();
  const asked = toModelScope(scope);
  const champion = get("champion");
  const challenger = get("challenger");
  const isPair = champion !== undefined && challenger !== undefined && champion !== challenger;
  const live = { refetchInterval: refetchMs, placeholderData: keepPreviousData };
  const list = useQuery({ ...versionListQuery(workspace, model, asked), ...live });
  const comparison = useQuery({
    ...versionComparisonQuery(workspace, model, {
      ...asked,
      ...(isPair && { champion, challenger }),
    }),
    ...live,
  });
  const answer =
    list.data === undefined || comparison.data === undefined
      ? null
      : prepareVersionAnswer(list.data, comparison.data, scope.rangeText);
  return (
    <>
      <ModelHeader
        workspace={workspace}
        model={model}
        query={comparison.isError ? comparison : list}
        answer={answer}
      />
      <PageBody>
        <QueryView
          query={comparison}
          what={`The comparison of versions of ${model}`}
          skeleton={
            <>
              <Skeleton className="h-8 w-80" />
              <SkeletonTable rows={6} />
            </>
          }
        >
          {(data) => <ComparisonBoard comparison={data} />}
        </QueryView>
        <QueryView
          query={list}
          what={`The versions of ${model}`}
          skeleton={<SkeletonTable rows={3} />}
        >
          {(data) => <VersionListTable workspace={workspace} model={model} list={data} />}
        </QueryView>
      </PageBody>
    </>
  );
}
