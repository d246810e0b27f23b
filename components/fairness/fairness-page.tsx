"use client";

import { keepPreviousData, useQuery } from "@tanstack/react-query";
import type { Fairness } from "#lib/api/fairness.ts";
import { fairnessQuery } from "#lib/api/fairness.ts";
import { prepareFairnessAnswer } from "#lib/charts/prepare-fairness.ts";
import { ModelHeader } from "../model/model-header.tsx";
import { toModelScope } from "../model/to-model-scope.ts";
import { QueryView } from "../request/query-view.tsx";
import { PageBody } from "../shell/page-header.tsx";
import { useScope } from "../shell/use-scope.ts";
import { useUrlState } from "../shell/use-url-state.ts";
import { Select } from "../ui/select.tsx";
import { Skeleton, SkeletonTable } from "../ui/skeleton.tsx";
import { AttributeCard } from "./attribute-card.tsx";
import { GroupTable } from "./group-table.tsx";
import { SummaryList } from "./summary-list.tsx";

const refetchMs = 30_000;

export function FairnessPage({ workspace, model }: { workspace: string; model: string }) {
  const scope = useScope();
  const { get, set } = useUrlState();
  const attribute = get("attribute");
  const query = useQuery({
    ...fairnessQuery(workspace, model, {
      ...toModelScope(scope),
      ...(attribute !== undefined && { attribute }),
    }),
    refetchInterval: refetchMs,
    placeholderData: keepPreviousData,
  });
  const sensitive = query.data?.attributes.filter(({ isSensitive }) => isSensitive) ?? [];
  const chosen = query.data?.attribute ?? null;
  return (
    <>
      <ModelHeader
        workspace={workspace}
        model={model}
        query={query}
        isComparing
        answer={query.data ? prepareFairnessAnswer(query.data, scope.rangeText) : null}
        controls={
          chosen !== null &&
          sensitive.length > 1 && (
            <Select
              label="Sensitive attribute"
              prefix="by"
              value={chosen}
              options={sensitive.map(({ key }) => ({ value: key, label: key }))}
              onChange={(value) => set({ attribute: value })}
            />
          )
        }
      />
      <PageBody>
        <QueryView
          query={query}
          what={`The fairness of ${model}`}
          skeleton={
            <>
              <Skeleton className="h-16 w-full" />
              <SkeletonTable rows={5} />
            </>
          }
        >
          {(fairness) => <FairnessBoard workspace={workspace} model={model} fairness={fairness} />}
        </QueryView>
      </PageBody>
    </>
  );
}

interface FairnessBoardProps {
  workspace: string;
  model: string;
  fairness: Fairness;
}

function FairnessBoard({ workspace, model, fairness }: FairnessBoardProps) {
  return (
    <>
      {fairness.state === "judged" && (
        <>
          {fairness.summary !== null && <SummaryList fairness={fairness} />}
          <GroupTable fairness={fairness} />
        </>
      )}
      <AttributeCard workspace={workspace} model={model} fairness={fairness} />
    </>
  );
}
