"use client";

import { useQuery } from "@tanstack/react-query";
import { Plus } from "lucide-react";
import { useMemo, useState } from "react";
import type { ScheduleSummary } from "#lib/api/schedule.ts";
import { scheduleListQuery } from "#lib/api/schedule.ts";
import { prepareSchedulesAnswer } from "#lib/charts/prepare-schedule-answer.ts";
import { QueryView } from "../request/query-view.tsx";
import { SettingsHeader } from "../settings/settings-header.tsx";
import { PageBody } from "../shell/page-header.tsx";
import { paths } from "../shell/paths.ts";
import { useSort } from "../shell/use-sort.ts";
import { Button } from "../ui/button.tsx";
import type { Column } from "../ui/data-table.tsx";
import { DataTable } from "../ui/data-table.tsx";
import { EmptyState } from "../ui/empty-state.tsx";
import { RowLink } from "../ui/row-link.tsx";
import { SkeletonTable } from "../ui/skeleton.tsx";
import { TimeText } from "../ui/time-text.tsx";
import { useNow } from "../ui/use-now.ts";
import { PersonName } from "./person-name.tsx";
import { ScheduleDialog } from "./schedule-dialog.tsx";

const refetchMs = 30_000;

/** Who is on call? */
export function SchedulesPage({ workspace }: { workspace: string }) {
  const query = useQuery({ ...scheduleListQuery(workspace), refetchInterval: refetchMs });
  const nowMs = useNow(5_000);
  const [isCreating, setIsCreating] = useState(false);
  const [sort, onSort] = useSort();
  const columns = useMemo(() => scheduleColumns(workspace), [workspace]);
  return (
    <>
      <SettingsHeader
        workspace={workspace}
        isFailed={query.isError}
        answer={
          query.data && nowMs !== null ? prepareSchedulesAnswer(query.data.schedules, nowMs) : null
        }
        controls={
          <Button kind="primary" onClick={() => setIsCreating(true)}>
            <Plus size={14} aria-hidden />
            Make a schedule
          </Button>
        }
      />
      <PageBody>
        <QueryView query={query} what="The schedules" skeleton={<SkeletonTable rows={4} />}>
          {({ schedules }) =>
            schedules.length === 0 ? (
              <EmptyState
                title="There is no schedule"
                action={
                  <Button kind="primary" onClick={() => setIsCreating(true)}>
                    Make the first schedule
                  </Button>
                }
              >
                A schedule says who is on call when: people take turns by the day or week, at an
                hour of the wall clock, and others stand in. Escalation policies page whoever has
                the turn.
              </EmptyState>
            ) : (
              <DataTable
                name="Schedules"
                columns={columns}
                rows={schedules}
                rowKey={({ id }) => id}
                sort={sort}
                onSort={onSort}
                hasKeys
                empty="No schedule."
              />
            )
          }
        </QueryView>
      </PageBody>
      <ScheduleDialog
        workspace={workspace}
        schedule={null}
        isOpen={isCreating}
        onOpenChange={setIsCreating}
      />
    </>
  );
}

function scheduleColumns(workspace: string): Column<ScheduleSummary>[] {
  return [
    {
      id: "name",
      header: "Schedule",
      sortBy: ({ name }) => name,
      csv: ({ name }) => name,
      cell: ({ id, name }) => (
        <RowLink href={paths.schedule(workspace, id)} className="font-medium">
          {name}
        </RowLink>
      ),
    },
    {
      id: "now",
      header: "On call now",
      csv: ({ onCall }) => onCall.name,
      cell: ({ onCall }) => <PersonName person={onCall} />,
    },
    {
      id: "until",
      header: "Turn ends",
      isRight: true,
      sortBy: ({ onCall }) => Date.parse(onCall.until),
      csv: ({ onCall }) => onCall.until,
      cell: ({ onCall, next }) =>
        next === null ? (
          <span className="text-ink-3">past two weeks</span>
        ) : (
          <TimeText iso={onCall.until} />
        ),
    },
    {
      id: "next",
      header: "Next",
      from: "sm",
      csv: ({ next }) => next?.name ?? null,
      cell: ({ next }) => (next === null ? "–" : <PersonName person={next} />),
    },
    {
      id: "zone",
      header: "Clock",
      from: "md",
      csv: ({ timeZone }) => timeZone,
      cell: ({ timeZone }) => <span className="text-ink-2">{timeZone}</span>,
    },
  ];
}
