import { randomUUID } from "node:crypto";
import type { IncidentActor } from "#lib/domain/incident.ts";
import type { ServiceContext } from "../context.ts";
import { nameActor } from "../member/name-actor.ts";
import type { AlertingOptions } from "./alerting.ts";

/** A service's call as alerting takes it. */
export function toAlertingOptions(ctx: ServiceContext): AlertingOptions {
  const { workspaceId, now, call } = ctx;
  return { workspaceId, now, newId: randomUUID, publicUrl: call.publicUrl };
}

/** Whoever calls, as a timeline names them. */
export async function toIncidentActor(ctx: ServiceContext): Promise<IncidentActor> {
  const name = await nameActor(ctx.call);
  switch (ctx.actor.kind) {
    case "user":
      return { kind: "user", id: ctx.actor.userId, name, via: "console" };
    case "key":
      return { kind: "key", id: ctx.actor.keyId, name, via: "api" };
    case "job":
      return { kind: "job", id: ctx.actor.name, name, via: "worker" };
  }
}
