"use client";

import { keepPreviousData, useQuery } from "@tanstack/react-query";
import Link from "next/link";
import { fleetQuery } from "#lib/api/fleet.ts";
import { prepareFleetAnswer } from "#lib/charts/prepare-fleet-answer.ts";
import { BackfillNotice } from "../backfill/backfill-notice.tsx";
import { AsOf } from "../request/as-of.tsx";
import { QueryView } from "../request/query-view.tsx";
import { PageBody, PageHeader } from "../shell/page-header.tsx";
import { paths } from "../shell/paths.ts";
import { RangePicker } from "../shell/range-picker.tsx";
import { useScope } from "../shell/use-scope.ts";
import { useUrlState } from "../shell/use-url-state.ts";
import { buttonClass } from "../ui/button.tsx";
import { EmptyState } from "../ui/empty-state.tsx";
import { Select } from "../ui/select.tsx";
import { SkeletonTable } from "../ui/skeleton.tsx";
import { FleetTable } from "./fleet-table.tsx";

const refetchMs = 15_000;
const everyEnvironment = "*";

export function FleetPage({ workspace }: { workspace: string }) {
  const scope = useScope();
  const { set } = useUrlState();
  const query = useQuery({
    ...fleetQuery(workspace, {
      ...scope.range,
      ...(scope.environment !== undefined && { environment: scope.environment }),
    }),
    refetchInterval: refetchMs,
    placeholderData: keepPreviousData,
  });
  const environments = query.data?.environments ?? [];
  return (
    <>
      <PageHeader
        crumbs={[{ label: "Fleet", href: null }]}
        asOf={<AsOf query={query} />}
        isFailed={query.isError}
        notice={<BackfillNotice workspace={workspace} />}
        answer={
          query.data ? prepareFleetAnswer(query.data, scope.rangeText, scope.beforeText) : null
        }
        controls={
          <>
            <Select
              label="Environment"
              className="max-w-48"
              value={scope.environment ?? everyEnvironment}
              options={[
                { value: everyEnvironment, label: "All environments" },
                ...[
                  ...new Set([...environments, ...(scope.environment ? [scope.environment] : [])]),
                ].map((value) => ({ value, label: value })),
              ]}
              onChange={(value) => set({ environment: value === everyEnvironment ? null : value })}
            />
            <RangePicker />
          </>
        }
      />
      <PageBody>
        <QueryView query={query} what="The fleet" skeleton={<SkeletonTable rows={8} columns={6} />}>
          {(fleet) =>
            fleet.models.length === 0 ? (
              <EmptyState
                title="Nothing has been sent to this workspace in this range"
                action={
                  <Link
                    href={paths.getStarted(workspace)}
                    className={buttonClass({ kind: "primary" })}
                  >
                    Send the first row
                  </Link>
                }
              >
                A model registers itself with its first prediction: no form to fill in, no schema to
                declare.
              </EmptyState>
            ) : (
              <FleetTable workspace={workspace} fleet={fleet} />
            )
          }
        </QueryView>
      </PageBody>
    </>
  );
}
