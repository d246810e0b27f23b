import { randomUUID } from "node:crypto";
import type { z } from "zod";
import type { ActionItemRow, NewActionItem } from "#db/postgres/queries/action-item.ts";
import {
  insertActionItemEvent,
  lockActionItem,
  updateActionItemRow,
} from "#db/postgres/queries/action-item.ts";
import { actionItemOutput, updateActionItemInput } from "#lib/api/action-item.ts";
import type { AcceptanceTest } from "#lib/domain/action-item.ts";
import { isOpenItem } from "#lib/domain/action-item.ts";
import { AppError } from "#lib/domain/errors.ts";
import { nextReminder } from "#lib/rules/remind-item.ts";
import { stepActionItem } from "#lib/rules/step-action-item.ts";
import { assertRevision } from "../assert-revision.ts";
import type { ServiceContext } from "../context.ts";
import { defineService } from "../define-service.ts";
import { nameActor } from "../member/name-actor.ts";
import { checkAcceptance, resolveOwner } from "./check-fields.ts";
import { noActionItem, readActionItem, zoneOf } from "./get-action-item.ts";
import { replayAcceptance } from "./replay-acceptance.ts";

type Input = z.output<typeof updateActionItemInput>;
type Change = Partial<NewActionItem>;

/** Changes an item, or moves it on. */
export const updateActionItem = defineService({
  name: "updateActionItem",
  role: "editor",
  input: updateActionItemInput,
  output: actionItemOutput,
  writes: true,
  async run(ctx, { item: number, revision, state, reason, ...patch }) {
    const before = await lockActionItem(ctx, { number });
    if (before === null) throw noActionItem(number);
    assertRevision(`A-${number}`, before.revision, revision);
    const by = await nameActor(ctx.call);
    const change: Change = withoutSame(before, await readFields(ctx, patch));
    const acceptance = patch.acceptance === undefined ? before.acceptance : patch.acceptance;
    const note = (kind: "edited" | "state_changed" | "tested", text: string) =>
      insertActionItemEvent(ctx, {
        id: randomUUID(),
        itemId: before.id,
        kind,
        text,
        actor: by,
        occurredAt: ctx.now,
      });
    const edited = editedWords(before, change);
    if (edited.length > 0) await note("edited", `${by} changed ${edited.join(", ")}`);
    if (state !== undefined)
      Object.assign(
        change,
        await moveOn(ctx, before, { to: state, by, reason: reason ?? null, acceptance, note }),
      );
    if (Object.keys(change).length === 0) {
      ctx.audit("unchanged");
      return readActionItem(ctx, number);
    }
    const after = { ...before, ...change };
    await updateActionItemRow(ctx, before.id, {
      ...change,
      remindAt: isOpenItem(after.state)
        ? nextReminder(after.dueOn, { zone: await zoneOf(ctx), after: ctx.now })
        : null,
      revision: revision + 1,
      updatedAt: ctx.now,
    });
    ctx.audit({
      action: "action_item.update",
      targetKind: "action_item",
      targetId: before.id,
      before,
      after: { ...change, reason },
    });
    return readActionItem(ctx, number);
  },
});

const fieldWords = {
  title: "the title",
  description: "the description",
  kind: "the kind",
  priority: "the priority",
  ownerUserId: "the owner",
  ownerTeamId: "the owner",
  dueOn: "the day",
  trackerUrl: "the tracker",
  acceptance: "the acceptance test",
} as const;

/** What of an item is not as it was, in words, each once. */
function editedWords(before: ActionItemRow, change: Change): string[] {
  const names = Object.keys(fieldWords) as (keyof typeof fieldWords)[];
  const isChanged = (name: keyof typeof fieldWords) =>
    change[name] !== undefined && JSON.stringify(change[name]) !== JSON.stringify(before[name]);
  return [...new Set(names.filter(isChanged).map((name) => fieldWords[name]))];
}

/** Without what stays as it is: an edit that changes nothing is none. */
function withoutSame(before: ActionItemRow, change: Change): Change {
  return Object.fromEntries(
    Object.entries(change).filter(
      ([name, value]) =>
        JSON.stringify(value) !== JSON.stringify(before[name as keyof ActionItemRow]),
    ),
  );
}

async function readFields(
  ctx: ServiceContext,
  { owner, acceptance, ...plain }: Omit<Input, "item" | "revision" | "state" | "reason">,
): Promise<Change> {
  const change: Change = Object.fromEntries(
    Object.entries(plain).filter(([, value]) => value !== undefined),
  );
  if (owner !== undefined) Object.assign(change, await resolveOwner(ctx, owner));
  if (acceptance === undefined) return change;
  if (acceptance !== null) await checkAcceptance(ctx, acceptance);
  // What the test before said is not of this one.
  return {
    ...change,
    acceptance,
    testResult: null,
    testDueAt: acceptance === null ? null : ctx.now,
  };
}

async function moveOn(
  ctx: ServiceContext,
  before: ActionItemRow,
  options: {
    to: ActionItemRow["state"];
    by: string;
    reason: string | null;
    acceptance: AcceptanceTest | null;
    note: (kind: "state_changed" | "tested", text: string) => Promise<void>;
  },
): Promise<Change> {
  const { to, by, reason, acceptance, note } = options;
  const isTested = to === "done" && before.state !== "done" && acceptance !== null;
  const result = isTested ? await replayAcceptance(ctx, acceptance) : null;
  const step = stepActionItem(
    { state: before.state, hasTest: acceptance !== null, result },
    { to, by, reason },
  );
  if (step.kind === "refused")
    throw new AppError(step.path === "state" ? "conflict" : "invalid_request", step.message, {
      details: [{ path: step.path, message: step.message }],
    });
  if (step.kind === "unchanged") return {};
  if (result !== null) await note("tested", result.sentence);
  await note("state_changed", step.text);
  return {
    state: step.state,
    stateReason: step.stateReason,
    doneAt: step.state === "done" ? ctx.now : null,
    ...(result === null ? {} : { testResult: result, testDueAt: null }),
  };
}
