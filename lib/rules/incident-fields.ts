import type { IncidentRoles, IncidentStamps, Severity } from "#lib/domain/incident.ts";
import { incidentRoles, incidentStampNames } from "#lib/domain/incident.ts";

/** What people set of an incident, whoever else works on it meanwhile. */
export interface IncidentFields extends IncidentStamps {
  title: string;
  severity: Severity;
  ownerUserId: string | null;
  ownerTeamId: string | null;
  roles: IncidentRoles;
}

/** Each field by the path that a request names it with, as text; null where it is not set. */
function fieldValues(fields: IncidentFields): Map<string, string | null> {
  const owner = fields.ownerUserId ?? fields.ownerTeamId;
  return new Map<string, string | null>([
    ["title", fields.title],
    ["severity", fields.severity],
    ["ownerUserId", owner],
    ...incidentStampNames.map((name) => [name, fields[name]?.toISOString() ?? null] as const),
    ...incidentRoles.map((role) => [`roles.${role}`, fields.roles[role] ?? null] as const),
  ]);
}

export interface FieldRevisions {
  revision: number;
  fieldRevisions: Record<string, number>;
}

/** The revision after a change: one more where any field differs, and noted with each that does. */
export function reviseFields(
  { revision, fieldRevisions }: FieldRevisions,
  before: IncidentFields,
  after: IncidentFields,
): FieldRevisions {
  const [old, now] = [fieldValues(before), fieldValues(after)];
  const changed = [...now.keys()].filter((path) => now.get(path) !== old.get(path));
  if (changed.length === 0) return { revision, fieldRevisions };
  const next = revision + 1;
  return {
    revision: next,
    fieldRevisions: {
      ...fieldRevisions,
      ...Object.fromEntries(changed.map((path) => [path, next])),
    },
  };
}

export interface FieldConflict {
  path: string;
  /** As it stands now, and as it was asked for. */
  stored: string | null;
  wanted: string | null;
}

/** Fields that somebody else has set otherwise since the revision that was read. Who wants what is there already is in no conflict. */
export function findConflicts(
  { fieldRevisions }: FieldRevisions,
  stored: IncidentFields,
  wanted: ReadonlyMap<string, string | null>,
  revisionRead: number,
): FieldConflict[] {
  const now = fieldValues(stored);
  return [...wanted].flatMap(([path, value]) => {
    const isNewer = (fieldRevisions[path] ?? 1) > revisionRead;
    const current = now.get(path) ?? null;
    return isNewer && current !== value ? [{ path, stored: current, wanted: value }] : [];
  });
}
