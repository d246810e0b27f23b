"use client";

import type { ReactNode } from "react";
import type { Drift } from "#lib/api/drift.ts";
import type { Freshness } from "#lib/api/freshness.ts";
import type { Volume } from "#lib/api/volume.ts";
import {
  formatChange,
  formatCount,
  formatCountExact,
  formatDuration,
} from "#lib/charts/format-number.ts";
import { useScope } from "../shell/use-scope.ts";
import { Skeleton } from "../ui/skeleton.tsx";
import { TimeText } from "../ui/time-text.tsx";

export interface OverviewFiguresProps {
  volume: Volume | null;
  drift: Drift | null;
  freshness: Freshness | null;
}

const notBySegment = "not told apart by segment";

/** The five figures that a reader looks for, each with what it is compared with. */
export function OverviewFigures({ volume, drift, freshness }: OverviewFiguresProps) {
  const { rangeText, beforeText, segment } = useScope();
  return (
    <dl className="grid grid-cols-2 gap-x-6 gap-y-4 sm:grid-cols-3 xl:grid-cols-5">
      <Figure
        label={`Rows ${rangeText}`}
        value={
          volume && (
            <span title={formatCountExact(volume.rowCount)}>{formatCount(volume.rowCount)}</span>
          )
        }
        note={
          volume &&
          `${formatChange(volume.rowCount, volume.previousRowCount)} against ${beforeText}`
        }
      />
      <Figure
        label="Drift"
        value={
          drift &&
          (drift.family.driftCount + drift.family.noDriftCount === 0
            ? "cannot say"
            : `${formatCount(drift.family.driftCount)} of ${formatCount(drift.family.size)}`)
        }
        note={drift && (drift.reference?.label ?? drift.referenceLack ?? "no baseline")}
      />
      <Figure
        label="Newest row"
        value={
          freshness &&
          (freshness.lastEventAt === null ? "none" : <TimeText iso={freshness.lastEventAt} />)
        }
        note={
          freshness &&
          (freshness.eventLagMs === null
            ? "no rows in this range"
            : `99 % arrive within ${formatDuration(freshness.eventLagMs.p99)}`)
        }
      />
      <Figure
        label="Labels in"
        value={volume && formatCount(volume.labelCount)}
        note={segment === null ? `came ${rangeText}, for rows of any age` : notBySegment}
      />
      <Figure
        label="Refused rows"
        value={volume && formatCount(volume.rejectedCount)}
        note={volume && (segment === null ? sayRefused(volume, rangeText) : notBySegment)}
      />
    </dl>
  );
}

/** Of a flood only some are kept and counted. */
function sayRefused({ rejectedCount }: Volume, rangeText: string): string {
  return rejectedCount === 0 ? rangeText : `at least, ${rangeText}`;
}

function Figure({ label, value, note }: { label: string; value: ReactNode; note: ReactNode }) {
  const isWaiting = value === null;
  return (
    <div className="min-w-0">
      <dt className="truncate text-ink-3 text-xs">{label}</dt>
      <dd className="mt-0.5">
        {isWaiting ? (
          <Skeleton className="my-1 h-6 w-20" />
        ) : (
          <span className="tabular block truncate font-semibold text-[22px] leading-8 tracking-[-0.01em]">
            {value}
          </span>
        )}
        <span className="block min-h-4 text-balance text-ink-2 text-xs">{note}</span>
      </dd>
    </div>
  );
}
