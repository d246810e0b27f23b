import { randomUUID } from "node:crypto";
import type { ActionItemRow } from "#db/postgres/queries/action-item.ts";
import {
  findActionItem,
  insertActionItemEvent,
  lockActionItem,
  updateActionItemRow,
} from "#db/postgres/queries/action-item.ts";
import { actionItemInput, testRunOutput } from "#lib/api/action-item.ts";
import type { AcceptanceResult } from "#lib/domain/action-item.ts";
import { AppError } from "#lib/domain/errors.ts";
import { nextReminder } from "#lib/rules/remind-item.ts";
import { isReopenedBy } from "#lib/rules/step-action-item.ts";
import type { ServiceContext } from "../context.ts";
import { defineService } from "../define-service.ts";
import { nameActor } from "../member/name-actor.ts";
import { noActionItem, zoneOf } from "./get-action-item.ts";
import { replayAcceptance } from "./replay-acceptance.ts";
import { tellOwners } from "./tell-owners.ts";

/** Runs an item's acceptance test now. One that is done and whose test is lost is open again, and whoever owns it is told. */
export const testActionItem = defineService({
  name: "testActionItem",
  role: "editor",
  input: actionItemInput,
  output: testRunOutput,
  writes: true,
  async run(ctx, { item: number }) {
    const found = await findActionItem(ctx, number);
    if (found === null) throw noActionItem(number);
    const { item } = found;
    if (item.acceptance === null)
      throw new AppError("conflict", `A-${number} has no acceptance test.`);
    return keepResult(ctx, item, await replayAcceptance(ctx, item.acceptance));
  },
});

/** Stores what a replay said. The item was not locked meanwhile, so that nobody waited for the replay: a test that was changed since is
 *  not that which ran, and a change of the monitor since has it run once more. */
export async function keepResult(
  ctx: ServiceContext,
  asked: ActionItemRow,
  result: AcceptanceResult,
): Promise<{ result: AcceptanceResult; isReopened: boolean }> {
  const item = await lockActionItem(ctx, { id: asked.id });
  if (item === null || JSON.stringify(item.acceptance) !== JSON.stringify(asked.acceptance))
    throw new AppError(
      "stale",
      `The test of A-${asked.number} was changed while it ran; run it again.`,
    );
  const isMarkedSince = item.testDueAt?.getTime() !== asked.testDueAt?.getTime();
  const isReopened = isReopenedBy({ state: item.state, before: item.testResult }, result);
  const actor = await nameActor(ctx.call);
  const reopening = isReopened
    ? {
        state: "open" as const,
        stateReason: "",
        doneAt: null,
        remindAt: nextReminder(item.dueOn, { zone: await zoneOf(ctx), after: ctx.now }),
        revision: item.revision + 1,
        updatedAt: ctx.now,
      }
    : {};
  await updateActionItemRow(ctx, item.id, {
    ...reopening,
    testResult: result,
    ...(isMarkedSince ? {} : { testDueAt: null }),
  });
  const note = (kind: "tested" | "reopened", text: string) =>
    insertActionItemEvent(ctx, {
      id: randomUUID(),
      itemId: item.id,
      kind,
      text,
      actor,
      occurredAt: ctx.now,
    });
  if (item.testResult?.verdict !== result.verdict) await note("tested", result.sentence);
  if (isReopened) {
    const text = `Open again: its acceptance test passed and fails now. ${result.sentence}`;
    await note("reopened", text);
    await tellOwners(ctx, { ...item, state: "open" }, text);
  }
  ctx.audit({
    action: isReopened ? "action_item.reopen" : "action_item.test",
    targetKind: "action_item",
    targetId: item.id,
    before: { state: item.state, verdict: item.testResult?.verdict ?? null },
    after: { state: isReopened ? "open" : item.state, result },
  });
  return { result, isReopened };
}
