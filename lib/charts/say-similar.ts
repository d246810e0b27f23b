import type { SimilarIncidents } from "#lib/api/incident.ts";
import { formatDuration, formatShare } from "./format-number.ts";
import { verdictNames } from "./name-incident.ts";

type Similar = SimilarIncidents["similar"][number];

/** "92 % alike: unit change; distance too". */
export function sayLikeness({ likeness, sharedCause, sharedColumns }: Similar): string {
  const parts = [
    ...(sharedCause === null ? [] : [sharedCause.replaceAll("_", " ")]),
    ...(sharedColumns.length === 0 ? [] : [`also on ${sharedColumns.slice(0, 3).join(", ")}`]),
  ];
  const why = parts.length === 0 ? "by how its values moved" : parts.join(", ");
  return `${formatShare(likeness)} alike: ${why}`;
}

/** What ended it, as it was said; null: nobody did. */
export function sayRemedy({ incident, verdict, resolution, remedies }: Similar): string | null {
  const said = [
    ...(verdict === null ? [] : [verdictNames[verdict].toLowerCase()]),
    ...(resolution === null ? [] : [resolution]),
    ...remedies,
  ];
  if (said.length === 0) return null;
  const began = Date.parse(incident.impactStartedAt ?? incident.detectedAt);
  const after =
    incident.resolvedAt === null
      ? ""
      : `, after ${formatDuration(Date.parse(incident.resolvedAt) - began)}`;
  return `${said.join("; ")}${after}`;
}
