import { z } from "zod";
import { findKeyRow, setKeyRevoked } from "#db/postgres/queries/key.ts";
import { revokeKeyInput } from "#lib/api/key.ts";
import { AppError } from "#lib/domain/errors.ts";
import { defineService } from "../define-service.ts";
import { mayManageKey } from "./may-manage-key.ts";

export const revokeKey = defineService({
  name: "revokeKey",
  role: "editor",
  input: revokeKeyInput,
  output: z.undefined(),
  writes: true,
  async run(ctx, { keyId }) {
    const key = await findKeyRow(ctx, keyId);
    if (key === null) throw new AppError("not_found", "There is no such key.");
    if (!mayManageKey(ctx.actor, key)) {
      throw new AppError("forbidden", "Only an owner or admin can revoke this key.");
    }
    if (key.revokedAt !== null) {
      ctx.audit("unchanged");
      return undefined;
    }
    await setKeyRevoked(ctx, keyId, ctx.now);
    ctx.audit({
      action: "key.revoke",
      targetKind: "key",
      targetId: keyId,
      before: { name: key.name, prefix: key.prefix, scopes: key.scopes },
    });
    return undefined;
  },
});
