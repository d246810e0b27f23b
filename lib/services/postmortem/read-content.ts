import type { z } from "zod";
import { listActionItems } from "#db/postgres/queries/action-item.ts";
import type { IncidentRow } from "#db/postgres/queries/incident.ts";
import type { EntryRow, SectionRow } from "#db/postgres/queries/postmortem.ts";
import { listEntryRows, listSectionRows } from "#db/postgres/queries/postmortem.ts";
import type { postmortemContentSchema } from "#lib/api/postmortem.ts";
import { fillVariables } from "#lib/rules/fill-variables.ts";
import { namePostmortemVariables } from "#lib/rules/name-postmortem-variables.ts";
import type { ServiceContext } from "../context.ts";
import { toIso } from "../incident/to-incident.ts";
import type { PostmortemFile } from "./get-postmortem-row.ts";
import { measureImpact } from "./measure-impact.ts";
import { toPostmortemItem } from "./to-postmortem-item.ts";

type Content = z.input<typeof postmortemContentSchema>;

/** What a postmortem says as things stand: what is frozen when it is published. */
export async function readContent(
  ctx: Pick<ServiceContext, "pg" | "ch" | "workspaceId" | "now" | "signal">,
  { row, incident }: PostmortemFile,
): Promise<Content> {
  const impact = await measureImpact(ctx, incident);
  const facts = toFacts(incident);
  const variables = namePostmortemVariables(facts, impact);
  const sections = await listSectionRows(ctx, row.id);
  const entries = await listEntryRows(ctx, row.id);
  const items = await listActionItems(ctx, { incidentId: incident.id });
  return {
    incident: facts,
    title: row.title,
    sections: sections.map((section) => toSection(section, variables)),
    entries: entries.map(toEntry),
    impact,
    detection: row.detection,
    variables,
    items: items.map(toPostmortemItem),
  };
}

function toFacts(row: IncidentRow) {
  return {
    number: row.number,
    title: row.title,
    severity: row.severity,
    state: row.state,
    verdict: row.verdict,
    model: row.modelName,
    environment: row.environment,
    segment: row.segmentKey === "" ? null : { key: row.segmentKey, value: row.segmentValue },
    impactStartedAt: toIso(row.impactStartedAt),
    detectedAt: row.detectedAt.toISOString(),
    acknowledgedAt: toIso(row.acknowledgedAt),
    mitigatedAt: toIso(row.mitigatedAt),
    resolvedAt: toIso(row.resolvedAt),
  };
}

export function toSection(
  row: SectionRow,
  variables: Readonly<Record<string, string>>,
): Content["sections"][number] {
  const { key, title, guidance, kind, isRequired, text, factors, revision, updatedBy } = row;
  return {
    key,
    title,
    guidance,
    kind,
    isRequired,
    text,
    filled: fillVariables(text, variables),
    factors,
    revision,
    updatedBy,
    updatedAt: row.updatedAt.toISOString(),
  };
}

export function toEntry(row: EntryRow): Content["entries"][number] {
  const { id, text, originalText, link, isIncluded, revision, updatedBy } = row;
  return {
    id,
    occurredAt: row.occurredAt.toISOString(),
    text,
    originalText,
    link,
    isIncluded,
    revision,
    updatedBy,
  };
}
