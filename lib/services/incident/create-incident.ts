import { isMember } from "#db/postgres/queries/incident.ts";
import { declaredIncidentOutput, declareIncidentInput } from "#lib/api/incident.ts";
import { AppError } from "#lib/domain/errors.ts";
import { defineService } from "../define-service.ts";
import { getModelRow } from "../model/get-model-row.ts";
import { declareIncident } from "./declare-incident.ts";
import { toAlertingOptions, toIncidentActor } from "./to-alerting.ts";

/** Declares an incident by hand, for what no monitor saw. */
export const createIncident = defineService({
  name: "createIncident",
  role: "editor",
  input: declareIncidentInput,
  output: declaredIncidentOutput,
  writes: true,
  async run(ctx, input) {
    const modelId = input.model === undefined ? null : (await getModelRow(ctx, input.model)).id;
    const ownerUserId = input.ownerUserId ?? null;
    if (ownerUserId !== null && !(await isMember(ctx, ownerUserId)))
      throw new AppError("invalid_request", "`ownerUserId` is no member of this workspace.", {
        details: [{ path: "ownerUserId", message: "expected the id of a member" }],
      });
    const impactStartedAt =
      input.impactStartedAt === undefined ? null : new Date(input.impactStartedAt);
    if (impactStartedAt !== null && impactStartedAt > ctx.now)
      throw new AppError("invalid_request", "Its impact can't begin ahead of now.", {
        details: [
          { path: "impactStartedAt", message: "expected a moment that is not ahead of now" },
        ],
      });
    const { title, reason, severity, causeClass, environment, mode } = input;
    const declared = { title, reason, severity, causeClass, environment, mode };
    const { id, number } = await declareIncident(ctx.pg, {
      ...toAlertingOptions(ctx),
      ...declared,
      actor: await toIncidentActor(ctx),
      modelId,
      impactStartedAt,
      ownerUserId,
      destinationIds: [],
    });
    ctx.audit({
      action: "incident.declare",
      targetKind: "incident",
      targetId: id,
      after: { number, ...declared },
    });
    return { number };
  },
});
