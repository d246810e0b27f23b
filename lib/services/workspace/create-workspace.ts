import { listWorkspacesOf } from "#db/postgres/queries/user.ts";
import { createWorkspaceInput, workspaceOutput } from "#lib/api/workspace.ts";
import { AppError } from "#lib/domain/errors.ts";
import { retentionDefaults } from "#lib/domain/limits.ts";
import { defineAccountService } from "../define-account-service.ts";
import { assertTimeZone } from "./assert-time-zone.ts";
import { insertOwnedWorkspace } from "./insert-owned-workspace.ts";

/** A person's own doing; more than these in one account are a script that went astray. */
const ownedMax = 50;

export const createWorkspace = defineAccountService({
  name: "createWorkspace",
  needs: "user",
  input: createWorkspaceInput,
  output: workspaceOutput,
  writes: true,
  async run(ctx, input) {
    if (ctx.actor.kind !== "user") {
      throw new AppError("unauthorized", "A workspace belongs to a person: sign in first.");
    }
    assertTimeZone(input.timeZone);
    const theirs = await listWorkspacesOf(ctx.pg, ctx.actor.userId);
    if (theirs.filter((workspace) => workspace.role === "owner").length >= ownedMax) {
      throw new AppError("limit_exceeded", `You own ${ownedMax} workspaces, which is the most.`);
    }
    const workspace = await insertOwnedWorkspace(
      ctx.pg,
      {
        ...input,
        ownerId: ctx.actor.userId,
        isDemo: false,
        rawRetentionDays: retentionDefaults.rawDays,
      },
      ctx.now,
    );
    ctx.audit({
      action: "workspace.create",
      targetKind: "workspace",
      targetId: workspace.id,
      workspaceId: workspace.id,
      after: { slug: workspace.slug, name: workspace.name },
    });
    return workspace;
  },
});
