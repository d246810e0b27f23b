import { randomUUID } from "node:crypto";
import {
  insertActionItemEvent,
  listDueReminders,
  lockActionItem,
  updateActionItemRow,
} from "#db/postgres/queries/action-item.ts";
import type { PostgresScope } from "#db/postgres/scope.ts";
import { isOpenItem } from "#lib/domain/action-item.ts";
import { nextReminder, sayDue } from "#lib/rules/remind-item.ts";
import type { Stores } from "../context.ts";
import { zoneOf } from "./get-action-item.ts";
import { tellOwners } from "./tell-owners.ts";

export interface RemindOptions {
  now: Date;
  workspaceId?: string | undefined;
  onError: (error: unknown, what: { workspaceId: string; itemId: string }) => void;
}

/** Reminds of every item whose time has come, each in a transaction of its own; one that fails holds up no other. Also after its
 *  incident is closed: that is when work on it begins. Answers how many were reminded of. */
export async function remindDueItems(
  stores: Stores,
  { now, workspaceId, onError }: RemindOptions,
): Promise<number> {
  const { postgres, publicUrl } = stores;
  let count = 0;
  for (const due of await listDueReminders(postgres.db, { now, workspaceId }))
    try {
      const isReminded = await postgres.transaction((pg) =>
        remind({ pg, workspaceId: due.workspaceId, now, call: { publicUrl } }, due.id),
      );
      if (isReminded) count += 1;
    } catch (error) {
      onError(error, { workspaceId: due.workspaceId, itemId: due.id });
    }
  return count;
}

async function remind(
  scope: PostgresScope & { now: Date; call: { publicUrl?: string | undefined } },
  itemId: string,
): Promise<boolean> {
  const { now } = scope;
  const item = await lockActionItem(scope, { id: itemId });
  // Somebody else was here, or it is done.
  if (item?.remindAt == null || item.remindAt > now) return false;
  if (!isOpenItem(item.state) || item.dueOn === null) {
    await updateActionItemRow(scope, itemId, { remindAt: null });
    return false;
  }
  const zone = await zoneOf(scope);
  const due = sayDue(item.dueOn, zone, now);
  const destinationCount = await tellOwners(scope, item, `It is ${due}.`);
  await updateActionItemRow(scope, itemId, {
    remindAt: nextReminder(item.dueOn, { zone, after: now }),
  });
  await insertActionItemEvent(scope, {
    id: randomUUID(),
    itemId,
    kind: "reminded",
    text:
      destinationCount === 0
        ? `It is ${due}, and nobody could be told: no destination takes it`
        : `A reminder went to ${destinationCount} ${destinationCount === 1 ? "destination" : "destinations"}: it is ${due}`,
    actor: "worker",
    occurredAt: now,
  });
  return true;
}
