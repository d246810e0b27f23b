"use client";

import { formatInstant, formatRelative, formatUtc } from "#lib/charts/format-time.ts";
import { useNow } from "./use-now.ts";
import { useZone } from "./use-zone.ts";

/** Relative in lists, absolute in evidence; the other one and UTC on hover. */
export function TimeText({ iso, isAbsolute = false }: { iso: string; isAbsolute?: boolean }) {
  const nowMs = useNow(5_000);
  const zone = useZone();
  const timeMs = Date.parse(iso);
  const absolute = formatInstant(timeMs, zone);
  const relative = nowMs === null ? absolute : formatRelative(timeMs, nowMs);
  return (
    <time
      dateTime={iso}
      title={`${isAbsolute ? relative : absolute} (${formatUtc(timeMs)})`}
      className="tabular whitespace-nowrap"
    >
      {isAbsolute ? absolute : relative}
    </time>
  );
}
