import type { z } from "zod";
import { AppError } from "#lib/domain/errors.ts";
import type { AccountActor, AccountService } from "#lib/services/define-account-service.ts";
import { answerJson } from "./answer.ts";
import { findIdentity } from "./authenticate.ts";
import { handle } from "./handle.ts";
import { readInput } from "./route.ts";

/** A service outside of any workspace as a route handler. Keys belong to a workspace, so they open nothing here. */
export function accountRoute<I extends z.ZodType, O extends z.ZodType>(
  service: AccountService<I, O>,
) {
  return handle(service.name, async ({ request, params, runtime, requestId }) => {
    const actor = await actorOf(request);
    const call = { postgres: runtime.postgres, actor, now: runtime.now() };
    const output = await service.call(call, await readInput(request, params));
    return answerJson(output, requestId);
  });
}

async function actorOf(request: Request): Promise<AccountActor> {
  const identity = await findIdentity(request);
  if (identity === null) return { kind: "nobody" };
  switch (identity.kind) {
    case "user":
      return identity;
    case "key":
      throw new AppError("unauthorized", "This needs a person who is signed in, not an API key.");
  }
}
