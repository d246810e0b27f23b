import { randomBytes, randomUUID } from "node:crypto";
import { countActiveKeys, findKeyRow, insertKey, keyLimits } from "#db/postgres/queries/key.ts";
import { createKeyInput, createKeyOutput } from "#lib/api/key.ts";
import { AppError } from "#lib/domain/errors.ts";
import { defineService } from "../define-service.ts";
import { mintApiKey } from "./api-key.ts";
import { mayManageKey } from "./may-manage-key.ts";
import { toKey } from "./to-key.ts";

const dayMs = 24 * 60 * 60 * 1000;

export const createKey = defineService({
  name: "createKey",
  role: "editor",
  input: createKeyInput,
  output: createKeyOutput,
  writes: true,
  async run(ctx, input) {
    const scopes = [...new Set(input.scopes)];
    if (!mayManageKey(ctx.actor, { scopes })) {
      throw new AppError("forbidden", "Only an owner or admin can create a key with these scopes.");
    }
    if ((await countActiveKeys(ctx, ctx.now)) >= keyLimits.activeMax) {
      const most = `This workspace has ${keyLimits.activeMax} active keys, which is the most.`;
      throw new AppError("limit_exceeded", `${most} Revoke one first.`);
    }
    const id = randomUUID();
    const { key, prefix, secretHash } = mintApiKey(randomBytes);
    const expiresAt =
      input.expiresInDays === undefined
        ? null
        : new Date(ctx.now.getTime() + input.expiresInDays * dayMs);
    await insertKey(ctx, {
      id,
      name: input.name,
      prefix,
      secretHash,
      scopes,
      createdBy: ctx.actor.kind === "user" ? ctx.actor.userId : null,
      createdAt: ctx.now,
      expiresAt,
    });
    const created = await findKeyRow(ctx, id);
    if (created === null) throw new Error("The key is not there though it was just inserted.");
    ctx.audit({
      action: "key.create",
      targetKind: "key",
      targetId: id,
      after: { name: input.name, prefix, scopes, expiresAt },
    });
    return { key: toKey(created), secret: key };
  },
});
