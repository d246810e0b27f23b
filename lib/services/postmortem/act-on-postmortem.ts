import { randomUUID } from "node:crypto";
import type { z } from "zod";
import {
  approveReview,
  insertEdition,
  listCommentRows,
  listReviewRows,
  updatePostmortemRow,
  withdrawApprovals,
  withdrawEdition,
} from "#db/postgres/queries/postmortem.ts";
import {
  postmortemActionInput,
  postmortemActionOutput,
  postmortemContentSchema,
} from "#lib/api/postmortem.ts";
import { AppError } from "#lib/domain/errors.ts";
import type { PostmortemEvent } from "#lib/rules/step-postmortem.ts";
import { stepPostmortem } from "#lib/rules/step-postmortem.ts";
import type { ServiceContext } from "../context.ts";
import { defineService } from "../define-service.ts";
import { recordOnTimeline } from "../incident/record-on-timeline.ts";
import { toIncidentActor } from "../incident/to-alerting.ts";
import { findBlockers } from "./find-blockers.ts";
import type { PostmortemFile } from "./get-postmortem-row.ts";
import { getPostmortemFile } from "./get-postmortem-row.ts";
import { readContent } from "./read-content.ts";

type Input = z.output<typeof postmortemActionInput>;

/** Hands a postmortem in, gives it back, approves it, publishes it, or takes it up again. */
export const actOnPostmortem = defineService({
  name: "actOnPostmortem",
  role: "editor",
  input: postmortemActionInput,
  output: postmortemActionOutput,
  writes: true,
  async run(ctx, input) {
    const file = await getPostmortemFile(ctx, input.incident, { isLocked: true });
    const { row } = file;
    const reviews = await listReviewRows(ctx, row.id);
    const comments = await listCommentRows(ctx, row.id);
    const content = postmortemContentSchema.parse(await readContent(ctx, file));
    const step = stepPostmortem(
      {
        state: row.state,
        contentAt: row.contentAt,
        reviews,
        openCommentCount: comments.filter(({ resolvedAt }) => resolvedAt === null).length,
        blockers: findBlockers(content),
      },
      eventOf(ctx, input),
    );
    if (step.kind === "refused")
      throw new AppError("conflict", step.message, { details: [...step.blockers] });
    const moved = { state: step.kind === "moved" ? step.state : row.state, edition: row.edition };
    const by = await toIncidentActor(ctx);
    if (step.kind === "approved" && ctx.actor.kind === "user")
      await approveReview(ctx, {
        postmortemId: row.id,
        userId: ctx.actor.userId,
        approvedAt: ctx.now,
      });
    if (input.action === "publish")
      await insertEdition(ctx, {
        postmortemId: row.id,
        edition: row.edition,
        document: content,
        publishedBy: by.name,
        publishedAt: ctx.now,
      });
    if (input.action === "unpublish") {
      await withdrawEdition(
        ctx,
        { postmortemId: row.id, edition: row.edition },
        { withdrawnReason: input.reason ?? "", withdrawnBy: by.name, withdrawnAt: ctx.now },
      );
      await withdrawApprovals(ctx, row.id);
      moved.edition += 1;
    }
    const revision = row.revision + 1;
    await updatePostmortemRow(ctx, row.id, {
      ...moved,
      revision,
      updatedAt: ctx.now,
      ...(input.action === "publish" ? { publishedAt: ctx.now } : {}),
      ...(input.action === "unpublish" ? { publishedAt: null, contentAt: ctx.now } : {}),
    });
    await tellIncident(ctx, input, file, by);
    ctx.audit({
      action: `postmortem.${input.action}`,
      targetKind: "postmortem",
      targetId: row.id,
      before: { state: row.state, edition: row.edition },
      after: { ...moved, reason: input.reason },
    });
    return { ...moved, revision };
  },
});

function eventOf({ actor, now }: ServiceContext, { action, reason }: Input): PostmortemEvent {
  switch (action) {
    case "submit":
    case "return":
    case "publish":
      return { kind: action };
    case "approve":
      // A program reviews nothing.
      return { kind: action, userId: actor.kind === "user" ? actor.userId : "", now };
    case "unpublish":
      if (reason === undefined)
        throw new AppError("invalid_request", "To unpublish, `reason` is due.", {
          details: [{ path: "reason", message: "expected why, in words" }],
        });
      return { kind: action, reason };
  }
}

const told: Partial<Record<Input["action"], string>> = {
  publish: "published its postmortem",
  unpublish: "took its postmortem up again",
};

async function tellIncident(
  ctx: ServiceContext,
  { action, reason }: Input,
  { incident }: PostmortemFile,
  actor: Awaited<ReturnType<typeof toIncidentActor>>,
): Promise<void> {
  const words = told[action];
  if (words === undefined) return;
  await recordOnTimeline(ctx, {
    id: randomUUID(),
    incidentId: incident.id,
    kind: "postmortem",
    text: `${actor.name} ${words}${reason === undefined ? "" : `: ${reason}`}`,
    actor,
    detail: { kind: "link", path: `postmortems/${incident.number}`, label: "The postmortem" },
  });
}
