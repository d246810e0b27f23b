"use client";

import { keepPreviousData, useQuery } from "@tanstack/react-query";
import { Plus } from "lucide-react";
import { useState } from "react";
import type { IncidentFilter } from "#lib/api/incident.ts";
import { incidentListInput, incidentListQuery } from "#lib/api/incident.ts";
import { modelListQuery } from "#lib/api/model.ts";
import { incidentStateNames } from "#lib/charts/name-incident.ts";
import { prepareIncidentListAnswer } from "#lib/charts/prepare-incident-answer.ts";
import { incidentStates, severities, severityNames } from "#lib/domain/incident.ts";
import { causeClasses } from "#lib/domain/monitor.ts";
import { causeNames } from "#lib/rules/describe-incident.ts";
import { AsOf } from "../request/as-of.tsx";
import { QueryView } from "../request/query-view.tsx";
import { PageBody, PageHeader } from "../shell/page-header.tsx";
import { useUrlState } from "../shell/use-url-state.ts";
import { Button } from "../ui/button.tsx";
import { EmptyState } from "../ui/empty-state.tsx";
import { Select } from "../ui/select.tsx";
import { SkeletonTable } from "../ui/skeleton.tsx";
import { DeclareDialog } from "./declare-dialog.tsx";
import { IncidentTable } from "./incident-table.tsx";
import { IncidentTabs } from "./incident-tabs.tsx";

const any = "*";

/** What is going on, who has it, what next? */
export function IncidentListPage({ workspace }: { workspace: string }) {
  const { get, set } = useUrlState();
  const [isDeclaring, setIsDeclaring] = useState(false);
  const filter = readFilter(get);
  const query = useQuery({
    ...incidentListQuery(workspace, filter),
    placeholderData: keepPreviousData,
  });
  const models = useQuery(modelListQuery(workspace));
  const choose = (patch: Record<string, string>) =>
    set({
      ...Object.fromEntries(
        Object.entries(patch).map(([name, value]) => [name, value === any ? null : value]),
      ),
      before: null,
    });
  const isFiltered =
    Object.keys(filter).some((name) => name !== "state") || get("state") !== undefined;
  return (
    <>
      <PageHeader
        crumbs={[{ label: "Incidents", href: null }]}
        asOf={<AsOf query={query} />}
        isFailed={query.isError}
        answer={query.data ? prepareIncidentListAnswer(query.data) : null}
        tabs={<IncidentTabs workspace={workspace} />}
        controls={
          <Button onClick={() => setIsDeclaring(true)}>
            <Plus size={14} aria-hidden />
            Declare an incident
          </Button>
        }
      />
      <PageBody>
        <QueryView query={query} what="The incidents" skeleton={<SkeletonTable rows={8} />}>
          {(list) => (
            <>
              <IncidentTable
                workspace={workspace}
                incidents={list.incidents}
                toolbar={
                  <>
                    <Select
                      label="State"
                      value={filter.state ?? any}
                      options={[
                        { value: "open", label: "Open" },
                        ...incidentStates.map((value) => ({
                          value,
                          label: incidentStateNames[value],
                        })),
                        { value: any, label: "All states" },
                      ]}
                      onChange={(state) =>
                        set({ state: state === any ? "all" : state, before: null })
                      }
                    />
                    <Select
                      label="Severity"
                      value={filter.severity ?? any}
                      options={[
                        { value: any, label: "All severities" },
                        ...severities.map((value) => ({ value, label: severityNames[value] })),
                      ]}
                      onChange={(severity) => choose({ severity })}
                    />
                    <Select
                      label="Model"
                      className="max-w-44"
                      value={filter.model ?? any}
                      options={[
                        { value: any, label: "All models" },
                        ...(models.data?.models ?? []).map(({ name }) => ({
                          value: name,
                          label: name,
                        })),
                      ]}
                      onChange={(model) => choose({ model })}
                    />
                    <Select
                      label="Cause"
                      className="max-w-44"
                      value={filter.causeClass ?? any}
                      options={[
                        { value: any, label: "All causes" },
                        ...causeClasses.map((value) => ({ value, label: causeNames[value] })),
                      ]}
                      onChange={(cause) => choose({ cause })}
                    />
                    <Select
                      label="Owner"
                      value={filter.owner ?? any}
                      options={[
                        { value: any, label: "Any owner" },
                        { value: "me", label: "Mine" },
                        { value: "nobody", label: "Nobody's" },
                      ]}
                      onChange={(owner) => choose({ owner })}
                    />
                  </>
                }
                empty={
                  isFiltered
                    ? "No incident is like this."
                    : "No incident is open. Older ones are under All states."
                }
              />
              <div className="flex gap-2">
                {filter.before !== undefined && (
                  <Button size="sm" onClick={() => set({ before: null })}>
                    Newest
                  </Button>
                )}
                {list.next !== null && (
                  <Button size="sm" onClick={() => set({ before: String(list.next) })}>
                    Older
                  </Button>
                )}
              </div>
              {list.incidents.length === 0 && list.counts.open === 0 && !isFiltered && (
                <EmptyState title="Nothing is wrong that a monitor would see">
                  An incident opens by itself when a monitor of a model fires, and it takes in
                  whatever fires with it. What no monitor sees can be declared by hand.
                </EmptyState>
              )}
            </>
          )}
        </QueryView>
      </PageBody>
      {isDeclaring && <DeclareDialog workspace={workspace} onClose={() => setIsDeclaring(false)} />}
    </>
  );
}

/** Open ones unless the address says otherwise; what it says wrongly is left out. */
function readFilter(get: (name: string) => string | undefined): IncidentFilter {
  const asked = {
    state: get("state") ?? "open",
    severity: get("severity"),
    model: get("model"),
    causeClass: get("cause"),
    owner: get("owner"),
    before: get("before"),
  };
  const { shape } = incidentListInput;
  const filter: Record<string, unknown> = {};
  for (const [name, value] of Object.entries(asked)) {
    const parsed = shape[name as keyof typeof asked].safeParse(value);
    if (value !== undefined && parsed.success) filter[name] = parsed.data;
  }
  return filter;
}
