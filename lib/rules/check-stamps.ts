import type { IncidentStampName, IncidentStamps } from "#lib/domain/incident.ts";
import { incidentStampNames } from "#lib/domain/incident.ts";

const words: Record<IncidentStampName, string> = {
  impactStartedAt: "impact started",
  detectedAt: "detected",
  acknowledgedAt: "acknowledged",
  mitigatedAt: "mitigated",
  resolvedAt: "resolved",
  closedAt: "closed",
};

/** Why these moments can't be an incident's; null when they can: those that are there come in their order, and none lies ahead. */
export function checkStamps(
  stamps: IncidentStamps,
  now: Date,
): { name: IncidentStampName; message: string } | null {
  const present = incidentStampNames.flatMap((name) => {
    const at = stamps[name];
    return at === null ? [] : [{ name, at }];
  });
  for (const [i, { name, at }] of present.entries()) {
    if (Number.isNaN(at.getTime()))
      return { name, message: `"${words[name]}" must be a moment in time` };
    if (at > now)
      return { name, message: `"${words[name]}" must not lie ahead of now, ${now.toISOString()}` };
    const before = present[i - 1];
    if (before !== undefined && at < before.at)
      return {
        name,
        message: `"${words[name]}" (${at.toISOString()}) must not come before "${words[before.name]}" (${before.at.toISOString()})`,
      };
  }
  return null;
}
