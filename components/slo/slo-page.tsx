"use client";

import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { Pencil } from "lucide-react";
import { useRouter } from "next/navigation";
import { useMemo, useState } from "react";
import type { SloDetail } from "#lib/api/slo.ts";
import { deleteSlo, exportSlo, sloQuery } from "#lib/api/slo.ts";
import { formatCount, formatDuration } from "#lib/charts/format-number.ts";
import { prepareSloAnswer } from "#lib/charts/prepare-slo-answer.ts";
import { prepareSloChart } from "#lib/charts/prepare-slo-chart.ts";
import { ChangeMarks } from "../change/change-marks.tsx";
import { TimeSeriesChart } from "../charts/time-series-chart.tsx";
import { AsOf } from "../request/as-of.tsx";
import { QueryView, sayFailure } from "../request/query-view.tsx";
import { PageBody, PageHeader } from "../shell/page-header.tsx";
import { paths } from "../shell/paths.ts";
import { Button } from "../ui/button.tsx";
import { ConfirmDialog } from "../ui/confirm-dialog.tsx";
import { downloadFile, toFileName } from "../ui/download-file.ts";
import { Menu } from "../ui/menu.tsx";
import { SkeletonTable } from "../ui/skeleton.tsx";
import { StatusMark } from "../ui/status-mark.tsx";
import { TimeText } from "../ui/time-text.tsx";
import { useZone } from "../ui/use-zone.ts";
import { SliceTable } from "./slice-table.tsx";
import { SloDialog } from "./slo-dialog.tsx";
import { TierTable } from "./tier-table.tsx";

const refetchMs = 15_000;

/** Is this promise kept, and for how long will it be? */
export function SloPage({ workspace, sloId }: { workspace: string; sloId: string }) {
  const query = useQuery({ ...sloQuery(workspace, sloId), refetchInterval: refetchMs });
  const [isEditing, setIsEditing] = useState(false);
  const slo = query.data;
  return (
    <>
      <PageHeader
        crumbs={[
          { label: "SLOs", href: paths.slos(workspace) },
          { label: slo?.name ?? "Objective", href: null },
        ]}
        asOf={<AsOf query={query} />}
        isFailed={query.isError}
        answer={slo === undefined ? null : prepareSloAnswer(slo)}
        controls={
          slo !== undefined && (
            <>
              <Button onClick={() => setIsEditing(true)}>
                <Pencil size={14} aria-hidden />
                Edit
              </Button>
              <MoreMenu workspace={workspace} slo={slo} />
            </>
          )
        }
      />
      <PageBody>
        <QueryView query={query} what="The objective" skeleton={<SkeletonTable rows={8} />}>
          {(found) => (
            <ChangeMarks workspace={workspace} model={found.model} environment={found.environment}>
              <SloBoard slo={found} />
            </ChangeMarks>
          )}
        </QueryView>
      </PageBody>
      {slo !== undefined && (
        <SloDialog workspace={workspace} slo={slo} isOpen={isEditing} onOpenChange={setIsEditing} />
      )}
    </>
  );
}

function SloBoard({ slo }: { slo: SloDetail }) {
  const zone = useZone();
  const chart = useMemo(() => prepareSloChart(slo, zone), [slo, zone]);
  const { countTier } = slo;
  return (
    <>
      {slo.error !== "" && (
        <p role="alert" className="rounded-lg border border-watch/50 px-4 py-3 text-sm">
          It could not be measured last: {slo.error}. What was measured before is kept, and nothing
          fires or clears meanwhile.
        </p>
      )}
      <TimeSeriesChart title="Error budget" model={chart} />
      <section className="flex flex-col gap-2">
        <h2 className="font-semibold text-base">How fast it burns</h2>
        <p className="max-w-[80ch] text-ink-2 text-sm">
          1 × empties the budget just at the end of its period. A tier fires when both its windows
          burn faster than it says and at least {formatCount(slo.badCountMin)} were bad; the fastest
          that fires speaks for the others.{" "}
          {slo.judgedUntil !== null && (
            <>
              The windows end <TimeText iso={slo.judgedUntil} isAbsolute />, with the last slice
              that is settled.
            </>
          )}
        </p>
        <TierTable tiers={slo.tiers} />
        <p className="flex flex-wrap items-baseline gap-x-2 text-sm">
          {countTier.verdict === "fire" && <StatusMark status="breach" text="Burns" />}
          {countTier.verdict === "unknown" && <StatusMark status="unknown" />}
          {countTier.verdict === "clear" && <StatusMark status="healthy" text="Calm" />}
          <span className="text-ink-2">
            By count, as a ticket: {formatCount(countTier.badCount)} bad
            {countTier.unmeasuredCount > 0 &&
              ` and ${formatCount(countTier.unmeasuredCount)} unmeasured`}{" "}
            in {formatDuration(countTier.windowMs)}, {formatCount(countTier.badCountMin)} fire.
          </span>
        </p>
      </section>
      <SliceTable slo={slo} />
    </>
  );
}

function MoreMenu({ workspace, slo }: { workspace: string; slo: SloDetail }) {
  const client = useQueryClient();
  const router = useRouter();
  const [isDeleting, setIsDeleting] = useState(false);
  const download = useMutation({
    mutationFn: () => exportSlo(workspace, slo.id),
    onSuccess: ({ yaml }) =>
      downloadFile(`${toFileName(slo.name)}.yaml`, new Blob([yaml], { type: "application/yaml" })),
  });
  const deletion = useMutation({
    mutationFn: () => deleteSlo(workspace, slo.id),
    onSuccess: async () => {
      router.push(paths.slos(workspace));
      await client.invalidateQueries({ queryKey: ["slo", workspace] });
    },
  });
  return (
    <>
      <Menu
        align="end"
        trigger={<Button>More</Button>}
        entries={[
          {
            kind: "item",
            text: "Export as OpenSLO",
            onSelect: () => download.mutate(),
          },
          { kind: "item", text: "Delete", onSelect: () => setIsDeleting(true) },
        ]}
      />
      <ConfirmDialog
        isOpen={isDeleting}
        onOpenChange={setIsDeleting}
        title={`Delete the objective "${slo.name}"`}
        description="Its budget and the slices that were measured go with it. This can't be undone."
        name={slo.name}
        action="Delete it"
        isBusy={deletion.isPending}
        error={sayFailure(deletion.error)}
        onConfirm={() => deletion.mutate()}
      />
    </>
  );
}
