import {
  claimDueTest,
  lockActionItem,
  updateActionItemRow,
} from "#db/postgres/queries/action-item.ts";
import type { Stores } from "../context.ts";
import { testActionItem } from "./test-action-item.ts";

/** A replay that did not come to its end is tried again. */
const leaseMs = 10 * 60_000;

/** Runs one acceptance test whose monitor was changed since; false when none waits. */
export async function runDueTest(
  stores: Stores,
  { now, workspaceId, signal }: { now: Date; workspaceId?: string; signal?: AbortSignal },
): Promise<boolean> {
  const pg = stores.postgres.db;
  const againAt = new Date(now.getTime() + leaseMs);
  const claimed = await claimDueTest(pg, { now, againAt, workspaceId });
  if (claimed === null) return false;
  const scope = { pg, workspaceId: claimed.workspaceId };
  const item = await lockActionItem(scope, { id: claimed.id });
  if (item?.acceptance == null) {
    await updateActionItemRow(scope, claimed.id, { testDueAt: null });
    return true;
  }
  await testActionItem.call(
    { ...stores, ...scope, actor: { kind: "job", name: "action-items" }, now, signal },
    { item: item.number },
  );
  return true;
}
