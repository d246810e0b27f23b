import type { z } from "zod";
import type { Postgres, PostgresPool } from "#db/postgres/client.ts";
import { AppError } from "#lib/domain/errors.ts";
import type { AuditEntry } from "./context.ts";
import { insertAudit, runChecked } from "./run-audited.ts";

/** Who asks before a workspace is chosen. `nobody` holds something that speaks for itself: an invitation. */
export type AccountActor =
  | { kind: "user"; userId: string }
  | { kind: "job"; name: string }
  | { kind: "nobody" };

export interface AccountCall {
  postgres: PostgresPool;
  actor: AccountActor;
  now: Date;
}

export interface AccountContext {
  readonly pg: Postgres;
  readonly actor: AccountActor;
  readonly now: Date;
  /** As in a workspace's service; `workspaceId` where the deed belongs to one. */
  audit(entry: (AuditEntry & { workspaceId?: string }) | "unchanged"): void;
}

export interface AccountServiceDefinition<I extends z.ZodType, O extends z.ZodType> {
  name: string;
  /** Whether somebody must be signed in. */
  needs: "user" | "anybody";
  input: I;
  output: O;
  writes: boolean;
  run(ctx: AccountContext, input: z.output<I>): Promise<z.input<O>>;
}

export interface AccountService<I extends z.ZodType, O extends z.ZodType>
  extends AccountServiceDefinition<I, O> {
  call(call: AccountCall, rawInput: unknown): Promise<z.output<O>>;
}

/** defineService for what lies outside of any workspace: accounts, the session, a new workspace, joining one. */
export function defineAccountService<I extends z.ZodType, O extends z.ZodType>(
  definition: AccountServiceDefinition<I, O>,
): AccountService<I, O> {
  return {
    ...definition,
    async call(call, rawInput) {
      if (definition.needs === "user" && call.actor.kind === "nobody") {
        throw new AppError("unauthorized", "Sign in first.");
      }
      const input = definition.input.parse(rawInput, { reportInput: true });
      if (!definition.writes) {
        const ctx = { pg: call.postgres.db, actor: call.actor, now: call.now, audit: refuseAudit };
        return runChecked(definition.name, async () =>
          definition.output.parse(await definition.run(ctx, input)),
        );
      }
      return call.postgres.transaction((tx) => runAudited(definition, call, tx, input));
    },
  };
}

async function runAudited<I extends z.ZodType, O extends z.ZodType>(
  definition: AccountServiceDefinition<I, O>,
  call: AccountCall,
  tx: Postgres,
  input: z.output<I>,
): Promise<z.output<O>> {
  const entries: Parameters<AccountContext["audit"]>[0][] = [];
  const audit: AccountContext["audit"] = (entry) => {
    entries.push(entry);
  };
  const ctx = { pg: tx, actor: call.actor, now: call.now, audit };
  const output = await runChecked(definition.name, async () =>
    definition.output.parse(await definition.run(ctx, input)),
  );
  const records = entries.map((entry) =>
    entry === "unchanged"
      ? entry
      : {
          ...entry,
          workspaceId: entry.workspaceId ?? null,
          actorKind: call.actor.kind,
          actorId: actorId(call.actor, entry.targetId),
        },
  );
  await insertAudit(tx, definition.name, records, call.now);
  return output;
}

function refuseAudit(): void {
  throw new Error("A service that only reads has nothing to audit.");
}

/** Nobody's deeds are on his own account, which is what they made. */
function actorId(actor: AccountActor, targetId: string): string {
  switch (actor.kind) {
    case "user":
      return actor.userId;
    case "job":
      return actor.name;
    case "nobody":
      return targetId;
  }
}
