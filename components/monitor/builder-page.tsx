"use client";

import { useQuery } from "@tanstack/react-query";
import { modelListQuery, modelQuery } from "#lib/api/model.ts";
import { monitorQuery } from "#lib/api/monitor.ts";
import { prepareBuilderAnswer } from "#lib/charts/prepare-builder-answer.ts";
import { QueryView } from "../request/query-view.tsx";
import { PageBody, PageHeader } from "../shell/page-header.tsx";
import { paths } from "../shell/paths.ts";
import { useUrlState } from "../shell/use-url-state.ts";
import { EmptyState } from "../ui/empty-state.tsx";
import { Select } from "../ui/select.tsx";
import { Skeleton } from "../ui/skeleton.tsx";
import { MonitorForm } from "./monitor-form.tsx";

/** A new monitor, or with an id the change of one. */
export function BuilderPage({ workspace, monitorId }: { workspace: string; monitorId?: string }) {
  const { get, set } = useUrlState();
  const models = useQuery({ ...modelListQuery(workspace), enabled: monitorId === undefined });
  const monitor = useQuery({
    ...monitorQuery(workspace, monitorId ?? ""),
    enabled: monitorId !== undefined,
  });
  const names = models.data?.models.map(({ name }) => name) ?? [];
  const model = monitor.data?.model ?? get("model") ?? names[0];
  const detail = useQuery({ ...modelQuery(workspace, model ?? ""), enabled: model !== undefined });
  const list = monitorId === undefined ? models : monitor;
  // The defaults depend on the model: it is waited for.
  const query = list.data !== undefined && model !== undefined ? detail : list;
  return (
    <>
      <PageHeader
        crumbs={[
          { label: "Monitors", href: paths.monitors(workspace) },
          ...(monitorId === undefined
            ? []
            : [
                {
                  label: monitor.data?.name ?? "Monitor",
                  href: paths.monitor(workspace, monitorId),
                },
              ]),
          { label: monitorId === undefined ? "New" : "Edit", href: null },
        ]}
        isFailed={query.isError}
        answer={list.data === undefined ? null : prepareBuilderAnswer(model, monitor.data?.name)}
        controls={
          monitorId === undefined && names.length > 0 ? (
            <Select
              label="Model"
              prefix="Model"
              className="max-w-64"
              value={model ?? ""}
              options={names.map((value) => ({ value, label: value }))}
              onChange={(value) => set({ model: value })}
            />
          ) : undefined
        }
      />
      <PageBody>
        <QueryView<unknown>
          query={query}
          what="The monitor"
          skeleton={<Skeleton className="h-96" />}
        >
          {() =>
            model === undefined ? (
              <EmptyState title="No model has sent anything yet">
                A monitor asks about a model; the first row registers it.
              </EmptyState>
            ) : (
              <MonitorForm
                key={`${model} ${monitorId ?? ""}`}
                workspace={workspace}
                model={model}
                hasBaseline={detail.data?.versions.some((one) => one.hasBaseline) ?? false}
                monitor={monitor.data ?? null}
              />
            )
          }
        </QueryView>
      </PageBody>
    </>
  );
}
