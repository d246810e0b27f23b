import type { Postgres, PostgresPool } from "#db/postgres/client.ts";
import { findInboundDestination } from "#db/postgres/queries/inbound.ts";
import type { OpenDestination } from "#lib/domain/destination.ts";
import { AppError } from "#lib/domain/errors.ts";
import type { IncidentAction, IncidentActor } from "#lib/domain/incident.ts";
import type { Outgoing } from "../context.ts";
import { openSettings } from "./open-settings.ts";

/** What answers a message from outside works with; nobody is signed in there. */
export interface InboundContext {
  postgres: PostgresPool;
  outgoing: Outgoing;
  publicUrl: string;
  now: Date;
  newId: () => string;
  changeIncident: ChangeIncident;
}

export type ChangeIncident = (
  tx: Postgres,
  change: {
    workspaceId: string;
    incidentId: string;
    action: IncidentAction;
    actor: IncidentActor;
    now: Date;
    newId: () => string;
    exceptDestinationId?: string;
    publicUrl?: string;
  },
) => Promise<{ isChanged: boolean }>;

/** What somebody did outside, as far as it is still possible here: what is so already, or over, is no failure of theirs. */
export async function applyChange(
  context: InboundContext,
  tx: Postgres,
  change: Omit<Parameters<ChangeIncident>[1], "now" | "newId" | "publicUrl">,
): Promise<"done" | "unchanged" | "refused"> {
  const { now, newId, publicUrl } = context;
  try {
    const { isChanged } = await context.changeIncident(tx, { ...change, now, newId, publicUrl });
    return isChanged ? "done" : "unchanged";
  } catch (error) {
    const isPast = error instanceof AppError && ["conflict", "not_found"].includes(error.code);
    if (isPast) return "refused";
    throw error;
  }
}

/** Alike for what is not there, what has no secret to check with and what is signed wrongly: who guesses learns nothing. */
export const unverified = () =>
  new AppError("unauthorized", "This message is not signed as this destination expects.");

const uuid = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/i;

export async function openInbound(
  { postgres, outgoing }: InboundContext,
  destinationId: string,
): Promise<{ workspaceId: string; slug: string; destination: OpenDestination }> {
  const row = uuid.test(destinationId)
    ? await findInboundDestination(postgres.db, destinationId)
    : null;
  if (row === null) throw unverified();
  const { workspaceId, slug } = row;
  return { workspaceId, slug, destination: openSettings(outgoing.sealer, row) };
}
