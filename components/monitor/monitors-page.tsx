"use client";

import { keepPreviousData, useQuery } from "@tanstack/react-query";
import { Plus } from "lucide-react";
import Link from "next/link";
import type { MonitorList } from "#lib/api/monitor.ts";
import { monitorCoverageQuery, monitorListQuery, monitorStates } from "#lib/api/monitor.ts";
import { prepareMonitorListAnswer } from "#lib/charts/prepare-monitor-answer.ts";
import { AsOf } from "../request/as-of.tsx";
import { QueryView } from "../request/query-view.tsx";
import { PageBody, PageHeader } from "../shell/page-header.tsx";
import { paths } from "../shell/paths.ts";
import { useUrlState } from "../shell/use-url-state.ts";
import { buttonClass } from "../ui/button.tsx";
import { EmptyState } from "../ui/empty-state.tsx";
import { Select } from "../ui/select.tsx";
import { SkeletonTable } from "../ui/skeleton.tsx";
import { CoverageCard } from "./coverage-card.tsx";
import { MonitorTable } from "./monitor-table.tsx";
import { WatchModelButton } from "./watch-model-button.tsx";

const refetchMs = 15_000;

export function MonitorsPage({ workspace }: { workspace: string }) {
  const { get, set } = useUrlState();
  const query = useQuery({
    ...monitorListQuery(workspace),
    refetchInterval: refetchMs,
    placeholderData: keepPreviousData,
  });
  const coverage = useQuery(monitorCoverageQuery(workspace));
  const [model, state] = [get("model"), get("state")];
  const models = [...new Set(query.data?.monitors.map((one) => one.model) ?? [])];
  return (
    <>
      <PageHeader
        crumbs={[{ label: "Monitors", href: null }]}
        asOf={<AsOf query={query} />}
        isFailed={query.isError}
        answer={query.data ? prepareMonitorListAnswer(query.data.monitors, coverage.data) : null}
        controls={
          <>
            <Select
              label="Model"
              className="max-w-48"
              value={model ?? "*"}
              options={[
                { value: "*", label: "All models" },
                ...models.map((value) => ({ value, label: value })),
              ]}
              onChange={(value) => set({ model: value === "*" ? null : value })}
            />
            <Select
              label="State"
              value={state ?? "*"}
              options={[
                { value: "*", label: "Any state" },
                ...monitorStates.map((value) => ({ value, label: stateNames[value] })),
              ]}
              onChange={(value) => set({ state: value === "*" ? null : value })}
            />
            <Link
              href={paths.newMonitor(workspace)}
              className={buttonClass({ kind: "primary" })}
              prefetch={false}
            >
              <Plus size={14} aria-hidden />
              New monitor
            </Link>
          </>
        }
      />
      <PageBody>
        <QueryView
          query={query}
          what="The monitors"
          skeleton={<SkeletonTable rows={6} columns={6} />}
        >
          {(list) => (
            <Monitors
              workspace={workspace}
              list={filtered(list, model, state)}
              isAll={list.monitors.length > 0}
            />
          )}
        </QueryView>
        <QueryView query={coverage} what="The coverage" skeleton={<SkeletonTable rows={3} />}>
          {(data) => <CoverageCard workspace={workspace} coverage={data} />}
        </QueryView>
      </PageBody>
    </>
  );
}

const stateNames = {
  breach: "Beyond the threshold",
  unknown: "Cannot say",
  healthy: "Not beyond",
  off: "Off",
} as const;

function filtered(
  { monitors }: MonitorList,
  model: string | undefined,
  state: string | undefined,
): MonitorList {
  return {
    monitors: monitors.filter(
      (one) =>
        (model === undefined || one.model === model) &&
        (state === undefined || one.state === state),
    ),
  };
}

function Monitors({
  workspace,
  list,
  isAll,
}: {
  workspace: string;
  list: MonitorList;
  isAll: boolean;
}) {
  if (isAll) return <MonitorTable workspace={workspace} monitors={list.monitors} />;
  return (
    <EmptyState
      title="No monitor yet"
      action={
        <>
          <WatchModelButton workspace={workspace} />
          <Link href={paths.newMonitor(workspace)} className={buttonClass({ kind: "plain" })}>
            Ask a question of your own
          </Link>
        </>
      }
    >
      The default set asks whether any feature or the prediction drifts, whether rows still come and
      how many, whether their values are sound, and, where labels come, whether the model is as
      right as it was. None of them needs a number from you.
    </EmptyState>
  );
}
