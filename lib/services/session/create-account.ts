import { randomUUID } from "node:crypto";
import { z } from "zod";
import { insertUser } from "#db/postgres/queries/user.ts";
import { AppError } from "#lib/domain/errors.ts";
import { defineAccountService } from "../define-account-service.ts";
import { hashPassword, passwordSchema } from "./password.ts";

const createAccountInput = z.object({
  email: z.email().max(320),
  name: z.string().trim().min(1).max(120),
  password: passwordSchema,
});

/** The first account of an installation, made by its operator; later ones come by invitation. No route leads here. */
export const createAccount = defineAccountService({
  name: "createAccount",
  needs: "anybody",
  input: createAccountInput,
  output: z.object({ userId: z.uuid() }),
  writes: true,
  async run(ctx, input) {
    if (ctx.actor.kind !== "job") {
      throw new AppError("forbidden", "New accounts come by invitation.");
    }
    const userId = randomUUID();
    const isNew = await insertUser(ctx.pg, {
      id: userId,
      email: input.email,
      name: input.name,
      passwordHash: await hashPassword(input.password),
      createdAt: ctx.now,
    });
    if (!isNew) throw new AppError("conflict", `${input.email} has an account already.`);
    ctx.audit({ action: "account.create", targetKind: "user", targetId: userId });
    return { userId };
  },
});
