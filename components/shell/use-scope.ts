"use client";

import { useSearchParams } from "next/navigation";
import { useMemo } from "react";
import { formatRange, formatRangeBefore } from "#lib/charts/format-range.ts";
import type { DriftReference, DriftStatistic } from "#lib/domain/health.ts";
import { driftReferenceSchema, driftStatisticSchema } from "#lib/domain/health.ts";
import type { TimeRangeQuery } from "#lib/domain/time-range.ts";
import { timeRangeQuerySchema } from "#lib/domain/time-range.ts";
import { useZone } from "../ui/use-zone.ts";

export interface Scope {
  range: TimeRangeQuery;
  environment: string | undefined;
  version: string | undefined;
  reference: DriftReference;
  statistic: DriftStatistic;
  rangeText: string;
  beforeText: string;
  zone: string;
  /** An address with the range, environment and version that are chosen now. */
  href: (path: string, extra?: Record<string, string>) => string;
}

const carried = ["range", "from", "until", "environment", "version"] as const;

/** Which rows a page speaks about, as its address says; what is not valid there counts as not said. */
export function useScope(): Scope {
  const search = useSearchParams();
  const zone = useZone();
  return useMemo(() => {
    const read = (name: string) => search.get(name) ?? undefined;
    const range = readRange(read);
    return {
      range,
      environment: read("environment"),
      version: read("version"),
      reference: driftReferenceSchema.safeParse(read("reference")).data ?? "baseline",
      statistic: driftStatisticSchema.safeParse(read("statistic")).data ?? "psi",
      rangeText: formatRange(range, zone),
      beforeText: formatRangeBefore(range),
      zone,
      href: (path, extra = {}) => {
        const kept = carried.flatMap((name) => {
          const value = read(name);
          return value === undefined ? [] : [[name, value]];
        });
        const next = new URLSearchParams([...kept, ...Object.entries(extra)]);
        return next.size > 0 ? `${path}?${next.toString()}` : path;
      },
    };
  }, [search, zone]);
}

function readRange(read: (name: string) => string | undefined): TimeRangeQuery {
  const parsed = timeRangeQuerySchema.safeParse({
    range: read("range"),
    from: read("from"),
    until: read("until"),
  });
  if (!parsed.success) return {};
  const { range, from, until } = parsed.data;
  if (from !== undefined && until !== undefined && Date.parse(from) < Date.parse(until))
    return { from, until };
  return range === undefined ? {} : { range };
}
