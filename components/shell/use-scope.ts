"use client";

import { useSearchParams } from "next/navigation";
import { useMemo } from "react";
import type { DriftReferenceQuery } from "#lib/api/drift.ts";
import { formatRange, formatRangeBefore } from "#lib/charts/format-range.ts";
import type { DriftReference, DriftStatistic } from "#lib/domain/health.ts";
import { driftReferenceSchema, driftStatisticSchema } from "#lib/domain/health.ts";
import type { Segment } from "#lib/domain/segment.ts";
import type { TimeRangeQuery } from "#lib/domain/time-range.ts";
import { relativeRangeSchema, timeRangeQuerySchema } from "#lib/domain/time-range.ts";
import { useZone } from "../ui/use-zone.ts";

export interface Scope {
  range: TimeRangeQuery;
  environment: string | undefined;
  version: string | undefined;
  /** Null: all rows. */
  segment: Segment | null;
  /** What windows are compared with; what lacks a part of its own counts as the baseline. */
  reference: DriftReferenceQuery & { reference: DriftReference };
  statistic: DriftStatistic;
  rangeText: string;
  beforeText: string;
  zone: string;
  /** An address with the range, environment, version and segment that are chosen now; `extra` goes before them, null takes away. */
  href: (path: string, extra?: Record<string, string | null>) => string;
}

const carried = [
  ...["range", "from", "until", "environment", "version", "segmentKey", "segmentValue"],
  ...["reference", "referenceFrom", "referenceUntil", "referenceVersion"],
];

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
      segment: readSegment(read),
      reference: readReference(read),
      statistic: driftStatisticSchema.safeParse(read("statistic")).data ?? "psi",
      rangeText: formatRange(range, zone),
      beforeText: formatRangeBefore(range),
      zone,
      href: (path, extra = {}) => {
        const kept = carried.flatMap((name) => {
          const value = read(name);
          return value === undefined ? [] : [[name, value]];
        });
        const next = new URLSearchParams(kept);
        for (const [name, value] of Object.entries(extra)) {
          if (value === null) next.delete(name);
          else next.set(name, value);
        }
        return next.size > 0 ? `${path}?${next.toString()}` : path;
      },
    };
  }, [search, zone]);
}

function readReference(read: (name: string) => string | undefined): Scope["reference"] {
  const reference = driftReferenceSchema.safeParse(read("reference")).data ?? "baseline";
  switch (reference) {
    case "window": {
      const { from, until } = readInstants(read("referenceFrom"), read("referenceUntil"));
      return from === undefined || until === undefined
        ? { reference: "baseline" }
        : { reference, referenceFrom: from, referenceUntil: until };
    }
    case "version": {
      const referenceVersion = read("referenceVersion");
      return referenceVersion === undefined
        ? { reference: "baseline" }
        : { reference, referenceVersion };
    }
    case "baseline":
    case "trailing":
    case "previous":
    case "last_week":
      return { reference };
  }
}

/** A key alone stands for the rows without the tag: an address has no empty values. */
function readSegment(read: (name: string) => string | undefined): Segment | null {
  const key = read("segmentKey");
  return key === undefined ? null : { key, value: read("segmentValue") ?? "" };
}

/** Both, in order, or neither. */
function readInstants(from: string | undefined, until: string | undefined): TimeRangeQuery {
  const parsed = timeRangeQuerySchema.safeParse({ from, until });
  if (!parsed.success || from === undefined || until === undefined) return {};
  return Date.parse(from) < Date.parse(until) ? { from, until } : {};
}

function readRange(read: (name: string) => string | undefined): TimeRangeQuery {
  const fixed = readInstants(read("from"), read("until"));
  if (fixed.from !== undefined) return fixed;
  const range = relativeRangeSchema.safeParse(read("range")).data;
  return range === undefined ? {} : { range };
}
