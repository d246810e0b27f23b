"use client";

import { keepPreviousData, useQuery } from "@tanstack/react-query";
import type { AlertFilter } from "#lib/api/alert.ts";
import { alertListQuery } from "#lib/api/alert.ts";
import { modelListQuery } from "#lib/api/model.ts";
import { prepareAlertAnswer } from "#lib/charts/prepare-alert-answer.ts";
import { alertStateSchema } from "#lib/domain/incident.ts";
import { IncidentTabs } from "../incident/incident-tabs.tsx";
import { AsOf } from "../request/as-of.tsx";
import { QueryView } from "../request/query-view.tsx";
import { PageBody, PageHeader } from "../shell/page-header.tsx";
import { paths } from "../shell/paths.ts";
import { useUrlState } from "../shell/use-url-state.ts";
import { Button } from "../ui/button.tsx";
import { Select } from "../ui/select.tsx";
import { SkeletonTable } from "../ui/skeleton.tsx";
import { AlertTable } from "./alert-table.tsx";

const any = "*";

/** What fires, and in which incident it is worked on. */
export function AlertListPage({ workspace }: { workspace: string }) {
  const { get, set } = useUrlState();
  const state = alertStateSchema.safeParse(get("state")).data;
  const model = get("model");
  const cursor = get("before");
  const filter: AlertFilter = {
    ...(state === undefined ? {} : { state }),
    ...(model === undefined ? {} : { model }),
    ...(cursor === undefined ? {} : { cursor }),
  };
  const query = useQuery({
    ...alertListQuery(workspace, filter),
    placeholderData: keepPreviousData,
  });
  const models = useQuery(modelListQuery(workspace));
  return (
    <>
      <PageHeader
        crumbs={[
          { label: "Incidents", href: paths.incidents(workspace) },
          { label: "Alerts", href: null },
        ]}
        asOf={<AsOf query={query} />}
        isFailed={query.isError}
        answer={query.data ? prepareAlertAnswer(query.data) : null}
        tabs={<IncidentTabs workspace={workspace} />}
      />
      <PageBody>
        <QueryView query={query} what="The alerts" skeleton={<SkeletonTable rows={8} />}>
          {({ alerts, next }) => (
            <>
              <AlertTable
                workspace={workspace}
                alerts={alerts}
                toolbar={
                  <>
                    <Select
                      label="State"
                      value={state ?? any}
                      options={[
                        { value: any, label: "All states" },
                        { value: "firing", label: "Firing" },
                        { value: "resolved", label: "Over" },
                      ]}
                      onChange={(value) =>
                        set({ state: value === any ? null : value, before: null })
                      }
                    />
                    <Select
                      label="Model"
                      className="max-w-44"
                      value={model ?? any}
                      options={[
                        { value: any, label: "All models" },
                        ...(models.data?.models ?? []).map(({ name }) => ({
                          value: name,
                          label: name,
                        })),
                      ]}
                      onChange={(value) =>
                        set({ model: value === any ? null : value, before: null })
                      }
                    />
                  </>
                }
                empty={
                  state === undefined && model === undefined
                    ? "No monitor has found anything yet."
                    : "No alert is like this."
                }
              />
              <div className="flex gap-2">
                {cursor !== undefined && (
                  <Button size="sm" onClick={() => set({ before: null })}>
                    Newest
                  </Button>
                )}
                {next !== null && (
                  <Button size="sm" onClick={() => set({ before: next })}>
                    Older
                  </Button>
                )}
              </div>
            </>
          )}
        </QueryView>
      </PageBody>
    </>
  );
}
