"use client";

import { keepPreviousData, useQuery } from "@tanstack/react-query";
import { insightQuery } from "#lib/api/insight.ts";
import { modelListQuery } from "#lib/api/model.ts";
import { prepareInsightAnswer } from "#lib/charts/prepare-insight-answer.ts";
import { IncidentTabs } from "../incident/incident-tabs.tsx";
import { AsOf } from "../request/as-of.tsx";
import { QueryView } from "../request/query-view.tsx";
import { PageBody, PageHeader } from "../shell/page-header.tsx";
import { paths } from "../shell/paths.ts";
import { useUrlState } from "../shell/use-url-state.ts";
import { Segmented } from "../ui/segmented.tsx";
import { Select } from "../ui/select.tsx";
import { SkeletonTable } from "../ui/skeleton.tsx";
import { DurationTable } from "./duration-table.tsx";
import { GroupTable } from "./group-table.tsx";
import { HeldList } from "./held-list.tsx";
import { RecurrenceList } from "./recurrence-list.tsx";
import { WorthTable } from "./worth-table.tsx";

const spans = ["30", "90", "365"] as const;
const any = "*";

/** How long incidents took, which came back, and what the pages were worth. */
export function InsightPage({ workspace }: { workspace: string }) {
  const { get, set } = useUrlState();
  const span = spans.find((one) => one === get("days")) ?? "90";
  const model = get("model");
  const query = useQuery({
    ...insightQuery(workspace, {
      days: Number(span),
      ...(model === undefined ? {} : { model }),
    }),
    placeholderData: keepPreviousData,
  });
  const models = useQuery(modelListQuery(workspace));
  return (
    <>
      <PageHeader
        crumbs={[
          { label: "Incidents", href: paths.incidents(workspace) },
          { label: "Insights", href: null },
        ]}
        asOf={<AsOf query={query} />}
        isFailed={query.isError}
        answer={query.data ? prepareInsightAnswer(query.data, Number(span)) : null}
        tabs={<IncidentTabs workspace={workspace} />}
      />
      <PageBody>
        <div className="flex flex-wrap items-center gap-2">
          <Segmented
            label="Time"
            value={span}
            options={[
              { value: "30", label: "30 days" },
              { value: "90", label: "90 days" },
              { value: "365", label: "A year" },
            ]}
            onChange={(value) => set({ days: value === "90" ? null : value })}
          />
          <Select
            label="Model"
            className="max-w-44"
            value={model ?? any}
            options={[
              { value: any, label: "All models" },
              ...(models.data?.models ?? []).map(({ name }) => ({ value: name, label: name })),
            ]}
            onChange={(value) => set({ model: value === any ? null : value })}
          />
        </div>
        <QueryView query={query} what="The insights" skeleton={<SkeletonTable rows={8} />}>
          {(insight) =>
            insight.incidentCount === 0 ? (
              <p className="text-ink-2 text-sm">
                No incident was detected in this time. Tests and merged incidents do not count.
              </p>
            ) : (
              <div className="flex flex-col gap-10">
                {insight.isCut && (
                  <p className="text-sm">
                    There are more: only the newest {insight.incidentCount} are counted. Choose a
                    shorter time.
                  </p>
                )}
                <DurationTable insight={insight} />
                <GroupTable insight={insight} />
                <WorthTable workspace={workspace} insight={insight} />
                <RecurrenceList workspace={workspace} insight={insight} />
                <HeldList workspace={workspace} insight={insight} />
              </div>
            )
          }
        </QueryView>
      </PageBody>
    </>
  );
}
