import type { IncidentRow } from "#db/postgres/queries/incident.ts";
import type { PostmortemRow } from "#db/postgres/queries/postmortem.ts";
import { findPostmortemRow } from "#db/postgres/queries/postmortem.ts";
import type { PostgresScope } from "#db/postgres/scope.ts";
import { AppError } from "#lib/domain/errors.ts";
import { getIncidentRow } from "../incident/get-incident.ts";

export interface PostmortemFile {
  row: PostmortemRow;
  incident: IncidentRow;
}

/** The postmortem of an incident, by the incident's number. */
export async function getPostmortemFile(
  scope: PostgresScope,
  number: number,
  { isLocked = false }: { isLocked?: boolean } = {},
): Promise<PostmortemFile> {
  const incident = await getIncidentRow(scope, number);
  const row = await findPostmortemRow(scope, { incidentId: incident.id }, isLocked);
  if (row === null)
    throw new AppError("not_found", `Nobody has begun a postmortem of incident ${number}.`);
  return { row, incident };
}

/** The same, locked, for somebody who writes in it. What is published is changed as a new edition only. */
export async function openForWriting(
  scope: PostgresScope,
  number: number,
): Promise<PostmortemFile> {
  const file = await getPostmortemFile(scope, number, { isLocked: true });
  if (file.row.state === "published")
    throw new AppError(
      "conflict",
      "It is published and stays as it is: take it up again as a new edition first.",
    );
  return file;
}
