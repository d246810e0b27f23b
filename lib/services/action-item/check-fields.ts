import { findMonitorRow } from "#db/postgres/queries/monitor.ts";
import { findTeamRow } from "#db/postgres/queries/team.ts";
import type { AcceptanceTest } from "#lib/domain/action-item.ts";
import { AppError } from "#lib/domain/errors.ts";
import type { ServiceContext } from "../context.ts";
import { getIncidentRow } from "../incident/get-incident.ts";
import { assertMembers } from "../member/assert-members.ts";
import { checkQuestion } from "../monitor/check-question.ts";

type Owner = { kind: "user" | "team"; id: string } | null;

/** The columns of an owner, once it was found to be of this workspace. */
export async function resolveOwner(ctx: ServiceContext, owner: Owner) {
  if (owner === null) return { ownerUserId: null, ownerTeamId: null };
  if (owner.kind === "user") {
    await assertMembers(ctx, [owner.id], "owner.id");
    return { ownerUserId: owner.id, ownerTeamId: null };
  }
  if ((await findTeamRow(ctx, owner.id)) === null)
    throw new AppError("invalid_request", "`owner.id` is no team of this workspace.", {
      details: [{ path: "owner.id", message: "expected the id of a team" }],
    });
  return { ownerUserId: null, ownerTeamId: owner.id };
}

/** What a test names must be there, and its deadline must lie after the impact began. */
export async function checkAcceptance(ctx: ServiceContext, test: AcceptanceTest): Promise<void> {
  const incident = await getIncidentRow(ctx, test.incident);
  const refuse = (path: string, message: string) => {
    throw new AppError("invalid_request", `\`acceptance.${path}\` ${message}.`, {
      details: [{ path: `acceptance.${path}`, message }],
    });
  };
  const { subject, detectBy } = test;
  if (subject.kind === "monitor" && (await findMonitorRow(ctx, subject.monitorId)) === null)
    refuse("subject.monitorId", "is no monitor of this workspace");
  if (subject.kind === "settings") {
    const { modelId, modelName } = incident;
    if (modelId === null) refuse("incident", "names no model, so that settings can't be replayed");
    else await checkQuestion(ctx, { id: modelId, name: modelName ?? "" }, subject.question);
  }
  const { impactStartedAt } = incident;
  if (
    detectBy.kind === "at" &&
    impactStartedAt !== null &&
    new Date(detectBy.at) <= impactStartedAt
  )
    refuse("detectBy.at", "lies before the impact began: nothing can be found by then");
}
