import { randomBytes, randomUUID } from "node:crypto";
import { countDestinations, insertDestination } from "#db/postgres/queries/destination.ts";
import { createDestinationInput, createDestinationOutput } from "#lib/api/destination.ts";
import type { OpenDestination } from "#lib/domain/destination.ts";
import { describeAddress, destinationLimits } from "#lib/domain/destination.ts";
import { AppError } from "#lib/domain/errors.ts";
import { mintWebhookSecret } from "#lib/notify/sign-webhook.ts";
import { defineService } from "../define-service.ts";
import { assertReachable } from "./assert-reachable.ts";
import { getOutgoing } from "./get-outgoing.ts";
import { closeSettings } from "./open-settings.ts";
import { getDestination } from "./to-destination.ts";

export const createDestination = defineService({
  name: "createDestination",
  role: "admin",
  input: createDestinationInput,
  output: createDestinationOutput,
  writes: true,
  async run(ctx, { name, ...wanted }) {
    const { sealer, allowedHosts } = getOutgoing(ctx);
    const there = await countDestinations(ctx);
    if (there >= destinationLimits.perWorkspaceMax) {
      const most = `This workspace has ${destinationLimits.perWorkspaceMax} destinations, which is the most.`;
      throw new AppError("limit_exceeded", `${most} Delete one first.`);
    }
    const destination = withSecret(wanted);
    assertReachable(destination, allowedHosts);
    const id = randomUUID();
    const isNew = await insertDestination(ctx, {
      id,
      name,
      kind: destination.kind,
      address: describeAddress(destination),
      // The first one hears of everything, until somebody says otherwise: nobody should have to learn that from a page that never came.
      isDefault: there === 0,
      ...closeSettings(sealer, id, destination),
      createdBy: ctx.actor.kind === "user" ? ctx.actor.userId : null,
      createdAt: ctx.now,
      updatedAt: ctx.now,
    });
    if (!isNew) throw new AppError("conflict", `There is a destination "${name}" already.`);
    ctx.audit({
      action: "destination.create",
      targetKind: "destination",
      targetId: id,
      after: { name, kind: destination.kind, address: describeAddress(destination) },
    });
    const isMinted = wanted.kind === "webhook" && wanted.settings.signingSecret === undefined;
    const secret =
      isMinted && destination.kind === "webhook" ? destination.settings.signingSecret : null;
    return { destination: await getDestination(ctx, id), secret };
  },
});

type Wanted =
  | Exclude<OpenDestination, { kind: "webhook" }>
  | { kind: "webhook"; settings: { url: string; signingSecret?: string | undefined } };

function withSecret(wanted: Wanted): OpenDestination {
  if (wanted.kind !== "webhook") return wanted;
  const { url, signingSecret = mintWebhookSecret(randomBytes) } = wanted.settings;
  return { kind: "webhook", settings: { url, signingSecret } };
}
