import { z } from "zod";
import { findUser, listWorkspacesOf } from "#db/postgres/queries/user.ts";
import { sessionOutput } from "#lib/api/session.ts";
import { AppError } from "#lib/domain/errors.ts";
import { defineAccountService } from "../define-account-service.ts";

export const getSession = defineAccountService({
  name: "getSession",
  needs: "user",
  input: z.object({}),
  output: sessionOutput,
  writes: false,
  async run(ctx) {
    const userId = ctx.actor.kind === "user" ? ctx.actor.userId : null;
    const user = userId === null ? null : await findUser(ctx.pg, userId);
    if (user === null) throw new AppError("unauthorized", "Sign in again.");
    return { user, workspaces: await listWorkspacesOf(ctx.pg, user.id) };
  },
});
