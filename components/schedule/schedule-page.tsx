"use client";

import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { Pencil, UserRoundCheck } from "lucide-react";
import { useRouter } from "next/navigation";
import { useState } from "react";
import type { ScheduleDetail } from "#lib/api/schedule.ts";
import { deleteOverride, deleteSchedule, scheduleQuery } from "#lib/api/schedule.ts";
import { prepareScheduleAnswer } from "#lib/charts/prepare-schedule-answer.ts";
import { prepareShiftRows } from "#lib/charts/prepare-shift-rows.ts";
import { sayRotation } from "#lib/charts/say-rotation.ts";
import { sayWindow } from "#lib/charts/say-weekly.ts";
import { QueryView, RequestFailure, sayFailure } from "../request/query-view.tsx";
import { SettingsHeader } from "../settings/settings-header.tsx";
import { PageBody } from "../shell/page-header.tsx";
import { paths } from "../shell/paths.ts";
import { Badge } from "../ui/badge.tsx";
import { Button } from "../ui/button.tsx";
import { ConfirmDialog } from "../ui/confirm-dialog.tsx";
import { SkeletonTable } from "../ui/skeleton.tsx";
import { TimeText } from "../ui/time-text.tsx";
import { useNow } from "../ui/use-now.ts";
import { OverrideDialog } from "./override-dialog.tsx";
import { PersonName } from "./person-name.tsx";
import { ScheduleDialog } from "./schedule-dialog.tsx";

const refetchMs = 30_000;

/** Who has it now, who is next, and who stands in? */
export function SchedulePage({ workspace, scheduleId }: { workspace: string; scheduleId: string }) {
  const query = useQuery({ ...scheduleQuery(workspace, scheduleId), refetchInterval: refetchMs });
  const nowMs = useNow(5_000);
  const [opened, setOpened] = useState<"edit" | "override" | "delete" | null>(null);
  const close = () => setOpened(null);
  const schedule = query.data;
  const client = useQueryClient();
  const router = useRouter();
  const deletion = useMutation({
    mutationFn: () => deleteSchedule(workspace, scheduleId),
    onSuccess: async () => {
      router.push(paths.schedules(workspace));
      await client.invalidateQueries({ queryKey: ["schedule", workspace] });
    },
  });
  return (
    <>
      <SettingsHeader
        workspace={workspace}
        crumb={{
          label: schedule?.name ?? "Schedule",
          parent: { label: "Schedules", href: paths.schedules(workspace) },
        }}
        isFailed={query.isError}
        answer={schedule && nowMs !== null ? prepareScheduleAnswer(schedule, nowMs) : null}
        controls={
          schedule !== undefined && (
            <>
              <Button kind="quiet" onClick={() => setOpened("delete")}>
                Delete
              </Button>
              <Button onClick={() => setOpened("edit")}>
                <Pencil size={14} aria-hidden />
                Edit
              </Button>
              <Button kind="primary" onClick={() => setOpened("override")}>
                <UserRoundCheck size={14} aria-hidden />
                Stand in
              </Button>
            </>
          )
        }
      />
      <PageBody>
        <QueryView query={query} what="The schedule" skeleton={<SkeletonTable rows={8} />}>
          {(found) => (
            <>
              <ShiftList schedule={found} />
              <OverrideList workspace={workspace} schedule={found} />
              <LayerList schedule={found} />
            </>
          )}
        </QueryView>
      </PageBody>
      {schedule !== undefined && (
        <>
          <ScheduleDialog
            workspace={workspace}
            schedule={schedule}
            isOpen={opened === "edit"}
            onOpenChange={close}
          />
          <OverrideDialog
            workspace={workspace}
            scheduleId={scheduleId}
            isOpen={opened === "override"}
            onOpenChange={close}
          />
          <ConfirmDialog
            isOpen={opened === "delete"}
            onOpenChange={close}
            title={`Delete the schedule "${schedule.name}"`}
            description="Its turns and overrides go with it. This can't be undone."
            name={schedule.name}
            action="Delete it"
            isBusy={deletion.isPending}
            error={sayFailure(deletion.error)}
            onConfirm={() => deletion.mutate()}
          />
        </>
      )}
    </>
  );
}

/** The next two weeks, a row per day with who has it when. */
function ShiftList({ schedule }: { schedule: ScheduleDetail }) {
  const days = prepareShiftRows(schedule);
  return (
    <section className="flex flex-col gap-2">
      <h2 className="font-semibold text-base">
        The next 14 days{" "}
        <span className="font-normal text-ink-3 text-xs">clock of {schedule.timeZone}</span>
      </h2>
      <ol className="rounded-lg border">
        {days.map(({ id, label, leadPercent, parts }) => (
          <li key={id} className="flex items-center gap-3 border-b px-3 py-1.5 last:border-b-0">
            <span className="tabular w-24 shrink-0 whitespace-nowrap text-ink-2 text-sm">
              {label}
            </span>
            <span className="flex min-w-0 flex-1 gap-0.5">
              {leadPercent > 0 && <span style={{ width: `${leadPercent}%` }} />}
              {parts.map((part) => (
                <span
                  key={part.id}
                  title={part.title}
                  style={{
                    width: `${part.percent}%`,
                    borderLeftColor: `var(--color-series-${part.color})`,
                  }}
                  className={`min-w-0 truncate rounded-sm border-l-4 bg-hover px-1.5 py-1 text-xs ${part.isOverride ? "hatched" : ""}`}
                >
                  {part.name}
                </span>
              ))}
            </span>
          </li>
        ))}
      </ol>
      <p className="text-ink-3 text-xs">Hatched: somebody stands in.</p>
    </section>
  );
}

function OverrideList({ workspace, schedule }: { workspace: string; schedule: ScheduleDetail }) {
  const client = useQueryClient();
  const removal = useMutation({
    mutationFn: (overrideId: string) => deleteOverride(workspace, schedule.id, overrideId),
    onSuccess: () => client.invalidateQueries({ queryKey: ["schedule", workspace] }),
  });
  return (
    <section className="flex flex-col gap-2">
      <h2 className="font-semibold text-base">Who stands in</h2>
      {removal.isError && (
        <RequestFailure
          title="The override could not be ended"
          error={removal.error}
          onRetry={null}
        />
      )}
      {schedule.overrides.length === 0 ? (
        <p className="text-ink-2 text-sm">Nobody does, now or later.</p>
      ) : (
        <ul className="rounded-lg border">
          {schedule.overrides.map((override) => (
            <li
              key={override.id}
              className="flex flex-wrap items-center gap-x-3 gap-y-1 border-b px-3 py-1.5 text-sm last:border-b-0"
            >
              <PersonName person={override} />
              <span className="text-ink-2">
                <TimeText iso={override.from} isAbsolute /> to{" "}
                <TimeText iso={override.until} isAbsolute />
              </span>
              {override.reason !== "" && <span className="text-ink-2">{override.reason}</span>}
              <Button
                size="sm"
                kind="quiet"
                className="ml-auto"
                disabled={removal.isPending}
                onClick={() => removal.mutate(override.id)}
              >
                End
              </Button>
            </li>
          ))}
        </ul>
      )}
    </section>
  );
}

function LayerList({ schedule }: { schedule: ScheduleDetail }) {
  const nameOf = new Map(schedule.people.map(({ userId, name }) => [userId, name]));
  return (
    <section className="flex flex-col gap-2">
      <h2 className="font-semibold text-base">Turns</h2>
      <ul className="rounded-lg border">
        {schedule.definition.layers.toReversed().map((layer) => (
          <li key={layer.name} className="border-b px-3 py-2 text-sm last:border-b-0">
            <span className="font-medium">{layer.name}</span>{" "}
            <span className="text-ink-2">{sayRotation(layer.rotation)}</span>
            {layer.windows.length > 0 && (
              <span className="text-ink-2">; {layer.windows.map(sayWindow).join("; ")}</span>
            )}
            <span className="mt-1 flex flex-wrap gap-1">
              {layer.participants.map((userId, index) => (
                // biome-ignore lint/suspicious/noArrayIndexKey: whoever stands twice in a rotation comes twice
                <Badge key={`${userId} ${index}`}>{nameOf.get(userId) ?? "somebody unknown"}</Badge>
              ))}
            </span>
          </li>
        ))}
      </ul>
    </section>
  );
}
