import { isMember } from "#db/postgres/queries/incident.ts";
import { findTeamRow } from "#db/postgres/queries/team.ts";
import type { PostgresScope } from "#db/postgres/scope.ts";
import { AppError } from "#lib/domain/errors.ts";
import { parseRunbook } from "#lib/rules/parse-runbook.ts";

/** What is saved can be worked by: every step can be read, and its owner is of this workspace. */
export async function assertRunbook(
  scope: PostgresScope,
  {
    body,
    ownerUserId,
    ownerTeamId,
  }: { body: string; ownerUserId: string | null; ownerTeamId: string | null },
): Promise<void> {
  const { problems } = parseRunbook(body);
  const [first] = problems;
  if (first !== undefined) {
    const more = problems.length === 1 ? "" : ` (and ${problems.length - 1} more)`;
    throw new AppError("invalid_request", `Line ${first.line}: ${first.message}${more}.`, {
      details: problems.map(({ line, message }) => ({
        path: "body",
        message: `line ${line}: ${message}`,
      })),
    });
  }
  if (ownerUserId !== null && ownerTeamId !== null)
    throw refusal("ownerTeamId", "expected null: a person owns it, or a team, not both");
  if (ownerUserId !== null && !(await isMember(scope, ownerUserId)))
    throw refusal("ownerUserId", "expected the id of a member of this workspace");
  if (ownerTeamId !== null && (await findTeamRow(scope, ownerTeamId)) === null)
    throw refusal("ownerTeamId", "expected the id of a team of this workspace");
}

function refusal(path: string, message: string): AppError {
  return new AppError("invalid_request", `\`${path}\`: ${message}.`, {
    details: [{ path, message }],
  });
}
