import type { z } from "zod";
import { findActionItem, listActionItemEvents } from "#db/postgres/queries/action-item.ts";
import { findWorkspace } from "#db/postgres/queries/workspace.ts";
import type { PostgresScope } from "#db/postgres/scope.ts";
import { actionItemInput, actionItemOutput } from "#lib/api/action-item.ts";
import { AppError } from "#lib/domain/errors.ts";
import { defineService } from "../define-service.ts";
import { toActionItem } from "./to-action-item.ts";

export const getActionItem = defineService({
  name: "getActionItem",
  role: "viewer",
  input: actionItemInput,
  output: actionItemOutput,
  writes: false,
  run: (ctx, { item }) => readActionItem(ctx, item),
});

export async function readActionItem(
  scope: PostgresScope & { now: Date },
  number: number,
): Promise<z.input<typeof actionItemOutput>> {
  const found = await findActionItem(scope, number);
  if (found === null) throw noActionItem(number);
  const events = await listActionItemEvents(scope, found.item.id);
  return {
    ...toActionItem(found, { zone: await zoneOf(scope), now: scope.now }),
    events: events.map(({ id, kind, text, actor, occurredAt }) => ({
      id,
      kind,
      text,
      actor,
      occurredAt: occurredAt.toISOString(),
    })),
  };
}

export const noActionItem = (number: number) =>
  new AppError("not_found", `There is no action item A-${number}.`);

export const zoneOf = async (scope: PostgresScope): Promise<string> =>
  (await findWorkspace(scope))?.timeZone ?? "UTC";
