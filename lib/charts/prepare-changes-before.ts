import type { ChangeList } from "#lib/api/change.ts";
import type { Incident } from "#lib/api/incident.ts";
import { formatDuration } from "./format-number.ts";

const lookBackMs = 24 * 3_600_000;

type Moments = Pick<Incident, "impactStartedAt" | "detectedAt">;

/** A day before the impact until it was noticed: what came later can't have caused it. */
export function changesBefore({ impactStartedAt, detectedAt }: Moments): {
  from: string;
  until: string;
} {
  const beganMs = Date.parse(impactStartedAt ?? detectedAt);
  // Of an impact that is dated by a window, the change may lie within that window's hour.
  return {
    from: new Date(beganMs - lookBackMs).toISOString(),
    until: new Date(Math.max(beganMs, Date.parse(detectedAt)) + 1).toISOString(),
  };
}

export interface ChangeBefore {
  id: string;
  title: string;
  url: string | null;
  kind: ChangeList["changes"][number]["kind"] | "incident";
  number: number | null;
  occurredAt: string;
  /** "12 min before the impact". */
  distance: string;
}

/** The changes and the other incidents before an impact, the closest to where it began first. */
export function prepareChangesBefore(
  { changes, incidents }: Pick<ChangeList, "changes" | "incidents">,
  incident: Moments & Pick<Incident, "number">,
): ChangeBefore[] {
  const beganMs = Date.parse(incident.impactStartedAt ?? incident.detectedAt);
  const gap = ({ occurredAt }: { occurredAt: string }) => Date.parse(occurredAt) - beganMs;
  const all = [
    ...changes.map(({ id, title, url, kind, occurredAt }) => ({
      id,
      title,
      url,
      kind,
      number: null,
      occurredAt,
    })),
    ...incidents
      .filter(({ number }) => number !== incident.number)
      .map(({ number, title, detectedAt }) => ({
        id: `incident ${number}`,
        title,
        url: null,
        kind: "incident" as const,
        number,
        occurredAt: detectedAt,
      })),
  ];
  return all
    .toSorted((a, b) => Math.abs(gap(a)) - Math.abs(gap(b)))
    .map((one) => ({ ...one, distance: sayDistance(gap(one)) }));
}

function sayDistance(gapMs: number): string {
  if (Math.abs(gapMs) < 60_000) return "as the impact began";
  return `${formatDuration(Math.abs(gapMs))} ${gapMs < 0 ? "before the impact" : "into the impact"}`;
}
