import { randomUUID } from "node:crypto";
import {
  insertMember,
  lockInvitationByToken,
  markInvitationAccepted,
} from "#db/postgres/queries/member.ts";
import { findUser, insertUser } from "#db/postgres/queries/user.ts";
import { acceptInvitationInput, acceptInvitationOutput } from "#lib/api/member.ts";
import { AppError } from "#lib/domain/errors.ts";
import type { AccountContext } from "../define-account-service.ts";
import { defineAccountService } from "../define-account-service.ts";
import { hashPassword, passwordSchema } from "../session/password.ts";
import { hashInvitationToken } from "./invitation-token.ts";

export const acceptInvitation = defineAccountService({
  name: "acceptInvitation",
  needs: "anybody",
  input: acceptInvitationInput,
  output: acceptInvitationOutput,
  writes: true,
  async run(ctx, input) {
    const invitation = await lockInvitationByToken(
      ctx.pg,
      hashInvitationToken(input.token),
      ctx.now,
    );
    if (invitation === null) {
      throw new AppError("not_found", "This invitation was used, withdrawn, or is too old.");
    }
    const person = await personOf(ctx, invitation.email, input);
    const scope = { pg: ctx.pg, workspaceId: invitation.workspaceId };
    await insertMember(scope, { userId: person.userId, role: invitation.role, now: ctx.now });
    await markInvitationAccepted(ctx.pg, invitation.id, ctx.now);
    ctx.audit({
      action: "member.join",
      targetKind: "user",
      targetId: person.userId,
      workspaceId: invitation.workspaceId,
      after: { role: invitation.role, invitationId: invitation.id },
    });
    return { workspace: invitation.slug, email: person.email };
  },
});

interface NewPerson {
  name?: string | undefined;
  password?: string | undefined;
}

async function personOf(ctx: AccountContext, invitedEmail: string, input: NewPerson) {
  if (ctx.actor.kind === "user") {
    const user = await findUser(ctx.pg, ctx.actor.userId);
    if (user === null) throw new AppError("unauthorized", "Sign in again.");
    return { userId: user.id, email: user.email };
  }
  if (input.name === undefined || input.password === undefined) {
    throw new AppError("invalid_request", "Sign in, or choose a name and a password.", {
      details: [
        ...(input.name === undefined ? [{ path: "name", message: "is missing" }] : []),
        ...(input.password === undefined ? [{ path: "password", message: "is missing" }] : []),
      ],
    });
  }
  const password = passwordSchema.safeParse(input.password);
  if (!password.success) {
    const message = password.error.issues[0]?.message ?? "is not valid";
    throw new AppError("invalid_request", `Choose another password: ${message}.`, {
      details: [{ path: "password", message }],
    });
  }
  const userId = randomUUID();
  const isNew = await insertUser(ctx.pg, {
    id: userId,
    email: invitedEmail,
    name: input.name,
    passwordHash: await hashPassword(password.data),
    createdAt: ctx.now,
  });
  if (!isNew) {
    throw new AppError("conflict", `${invitedEmail} has an account: sign in, then open the link.`);
  }
  return { userId, email: invitedEmail };
}
