import { z } from "zod";
import { isNameTaken, updateDestinationRow } from "#db/postgres/queries/destination.ts";
import { updateDestinationInput, updateDestinationOutput } from "#lib/api/destination.ts";
import type { DestinationKind, OpenDestination } from "#lib/domain/destination.ts";
import { describeAddress } from "#lib/domain/destination.ts";
import { AppError } from "#lib/domain/errors.ts";
import { defineService } from "../define-service.ts";
import { assertReachable } from "./assert-reachable.ts";
import { getOutgoing } from "./get-outgoing.ts";
import { closeSettings, openSettings, parseSettings } from "./open-settings.ts";
import type { SecretSealer } from "./seal-secret.ts";
import { SealBroken } from "./seal-secret.ts";
import { getDestination, getDestinationRow } from "./to-destination.ts";

export const updateDestination = defineService({
  name: "updateDestination",
  role: "admin",
  input: updateDestinationInput,
  output: updateDestinationOutput,
  writes: true,
  async run(ctx, { destinationId, name, isEnabled, isDefault, settings }) {
    const { sealer, allowedHosts } = getOutgoing(ctx);
    const row = await getDestinationRow(ctx, destinationId);
    if (name !== undefined && (await isNameTaken(ctx, name, destinationId)))
      throw new AppError("conflict", `There is a destination "${name}" already.`);
    const changed =
      settings === undefined
        ? null
        : readSettings(row.kind, { ...known(sealer, row), ...settings });
    if (changed !== null) assertReachable(changed, allowedHosts);
    const address = changed === null ? row.address : describeAddress(changed);
    await updateDestinationRow(ctx, destinationId, {
      ...(name === undefined ? {} : { name }),
      ...(changed === null
        ? {}
        : { address, ...closeSettings(sealer, destinationId, changed), pausedUntil: null }),
      ...(isDefault === undefined ? {} : { isDefault }),
      ...(isEnabled === undefined ? {} : { isEnabled, disabledReason: "", pausedUntil: null }),
      updatedAt: ctx.now,
    });
    ctx.audit({
      action: "destination.update",
      targetKind: "destination",
      targetId: destinationId,
      before: {
        name: row.name,
        address: row.address,
        isEnabled: row.isEnabled,
        isDefault: row.isDefault,
      },
      after: {
        name: name ?? row.name,
        address,
        isEnabled: isEnabled ?? row.isEnabled,
        isDefault: isDefault ?? row.isDefault,
        // Which, and never to what: some are secret.
        changedSettings: Object.keys(settings ?? {}),
      },
    });
    return { destination: await getDestination(ctx, destinationId) };
  },
});

/** What it has now. Secrets that do not open any more are gone, and have to be given again. */
function known(
  sealer: SecretSealer,
  row: { id: string; kind: DestinationKind; settings: Record<string, unknown>; sealed: string },
): Record<string, unknown> {
  try {
    return openSettings(sealer, row).settings;
  } catch (error) {
    if (error instanceof SealBroken) return row.settings;
    throw error;
  }
}

/** The kind says what may be set, and it stands in the row: the schema at the door can't know it. */
function readSettings(kind: DestinationKind, wanted: Record<string, unknown>): OpenDestination {
  const present = Object.entries(wanted).filter(([, value]) => value !== null);
  try {
    return parseSettings(kind, Object.fromEntries(present));
  } catch (error) {
    if (!(error instanceof z.ZodError)) throw error;
    const details = error.issues.map(({ path, message }) => ({
      path: ["settings", ...path].map(String).join("."),
      message,
    }));
    const [first] = details;
    throw new AppError(
      "invalid_request",
      `The request does not fit its schema: ${first?.path ?? "settings"} ${first?.message ?? ""}.`,
      { details },
    );
  }
}
