import type { DestinationRow, DestinationTraffic } from "#db/postgres/queries/destination.ts";
import { countTraffic, findDestinationRow } from "#db/postgres/queries/destination.ts";
import type { Destination } from "#lib/api/destination.ts";
import { AppError } from "#lib/domain/errors.ts";
import type { ServiceContext } from "../context.ts";
import { getOutgoing } from "./get-outgoing.ts";
import { openSettings, secretNames } from "./open-settings.ts";
import type { SecretSealer } from "./seal-secret.ts";
import { SealBroken } from "./seal-secret.ts";

const none: DestinationTraffic = {
  waitingCount: 0,
  oldestWaitingAt: null,
  deadCount: 0,
  sentCount: 0,
};

export function toDestination(
  row: DestinationRow,
  traffic: DestinationTraffic = none,
  { sealer, now }: { sealer: SecretSealer; now: Date },
): Destination {
  const isResting = row.pausedUntil !== null && row.pausedUntil > now;
  return {
    id: row.id,
    name: row.name,
    kind: row.kind,
    address: row.address,
    settings: row.settings,
    secrets: listSecrets(row, sealer),
    isEnabled: row.isEnabled,
    isDefault: row.isDefault,
    disabledReason: row.disabledReason,
    lastSentAt: row.lastSentAt?.toISOString() ?? null,
    lastFailedAt: row.lastFailedAt?.toISOString() ?? null,
    lastFailure: row.lastFailure,
    pausedUntil: isResting ? (row.pausedUntil?.toISOString() ?? null) : null,
    waitingCount: traffic.waitingCount,
    oldestWaitingAt: traffic.oldestWaitingAt?.toISOString() ?? null,
    deadCount: traffic.deadCount,
    sentCount: traffic.sentCount,
    createdAt: row.createdAt.toISOString(),
  };
}

/** Which secrets are set; none where they do not open, so that they are asked for again. */
function listSecrets(row: DestinationRow, sealer: SecretSealer): string[] {
  try {
    const { settings } = openSettings(sealer, row);
    return secretNames(row.kind).filter((name) => name in settings);
  } catch (error) {
    if (error instanceof SealBroken) return [];
    throw error;
  }
}

export async function getDestinationRow(ctx: ServiceContext, id: string): Promise<DestinationRow> {
  const row = await findDestinationRow(ctx, id);
  if (row === null) throw new AppError("not_found", "There is no such destination.");
  return row;
}

/** As it is now, with its traffic. */
export async function getDestination(ctx: ServiceContext, id: string): Promise<Destination> {
  const [row, traffic] = [await getDestinationRow(ctx, id), await countTraffic(ctx, ctx.now)];
  const { sealer } = getOutgoing(ctx);
  return toDestination(row, traffic.get(id), { sealer, now: ctx.now });
}
