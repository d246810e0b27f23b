"use client";

import { keepPreviousData, useQuery } from "@tanstack/react-query";
import { driftQuery } from "#lib/api/drift.ts";
import { prepareDriftAnswer } from "#lib/charts/prepare-drift-answer.ts";
import { ModelHeader } from "../model/model-header.tsx";
import { QueryView } from "../request/query-view.tsx";
import { PageBody } from "../shell/page-header.tsx";
import { useScope } from "../shell/use-scope.ts";
import { DriftBoard } from "./drift-board.tsx";
import { DriftControls } from "./drift-controls.tsx";
import { DriftSkeleton } from "./drift-skeleton.tsx";
import { toDriftScope } from "./to-drift-scope.ts";

const refetchMs = 30_000;

export function DriftPage({ workspace, model }: { workspace: string; model: string }) {
  const scope = useScope();
  const query = useQuery({
    ...driftQuery(workspace, model, toDriftScope(scope)),
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
        answer={query.data ? prepareDriftAnswer(query.data, scope.rangeText, scope.zone) : null}
        controls={<DriftControls workspace={workspace} model={model} />}
      />
      <PageBody>
        <QueryView query={query} what={`The drift of ${model}`} skeleton={<DriftSkeleton />}>
          {(drift) => <DriftBoard workspace={workspace} model={model} drift={drift} />}
        </QueryView>
      </PageBody>
    </>
  );
}
