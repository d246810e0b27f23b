import type { Problem } from "#lib/api/request.ts";
import { incidentStampNames, severityNames, severitySchema } from "#lib/domain/incident.ts";
import { formatInstant } from "./format-time.ts";
import { roleNames, stampNames } from "./name-incident.ts";

export interface SaidConflict {
  path: string;
  field: string;
  theirs: string;
  mine: string;
}

/** Two people's values of the same fields, as people read them. */
export function sayConflicts(
  errors: NonNullable<Problem["errors"]>,
  memberNames: ReadonlyMap<string, string>,
  zone: string,
): SaidConflict[] {
  return errors.map(({ path, expected = "", received = "" }) => ({
    path,
    field: fieldName(path),
    theirs: sayValue(path, expected, memberNames, zone),
    mine: sayValue(path, received, memberNames, zone),
  }));
}

function fieldName(path: string): string {
  const role = Object.entries(roleNames).find(([name]) => path === `roles.${name}`);
  if (role !== undefined) return role[1];
  const stamp = incidentStampNames.find((name) => name === path);
  if (stamp !== undefined) return stampNames[stamp];
  return { title: "Title", severity: "Severity", ownerUserId: "Owner" }[path] ?? path;
}

function sayValue(
  path: string,
  value: string,
  memberNames: ReadonlyMap<string, string>,
  zone: string,
): string {
  if (value === "nothing" || value === "") return "nothing";
  if (path === "severity") {
    const severity = severitySchema.safeParse(value);
    return severity.success ? severityNames[severity.data] : value;
  }
  if (path === "ownerUserId" || path.startsWith("roles."))
    return memberNames.get(value) ?? "a team, or somebody who has left";
  if (incidentStampNames.some((name) => name === path))
    return formatInstant(Date.parse(value), zone);
  return value;
}
