import type { DriftReferenceQuery } from "#lib/api/drift.ts";
import type { DriftReference } from "#lib/domain/health.ts";
import { formatSpan } from "./format-time.ts";

/** What each reference is called, and in one line what it is for. */
export const referenceNames: Record<DriftReference, { label: string; help: string }> = {
  baseline: { label: "its baseline", help: "The rows it was trained or validated on" },
  trailing: { label: "the time before", help: "At least the week before, every weekday in it" },
  previous: { label: "the window before", help: "Just as long, and just before" },
  last_week: { label: "the same hours last week", help: "As many whole weeks back as it takes" },
  version: { label: "another version", help: "The same window, as another version saw it" },
  window: { label: "a fixed window", help: "Two instants that stay where they are" },
};

/** "its baseline", "version 2026.11.1", "Tue 14 Nov 14:00 to 15:00 CET". */
export function formatReference(query: DriftReferenceQuery, zone: string): string {
  const { reference = "baseline", referenceFrom, referenceUntil, referenceVersion } = query;
  if (reference === "version" && referenceVersion !== undefined)
    return `version ${referenceVersion}`;
  if (reference === "window" && referenceFrom !== undefined && referenceUntil !== undefined)
    return formatSpan(Date.parse(referenceFrom), Date.parse(referenceUntil), zone);
  return referenceNames[reference].label;
}
