import type { z } from "zod";
import type { Postgres } from "#db/postgres/client.ts";
import { AppError } from "#lib/domain/errors.ts";
import type { ApiKeyScope, Role } from "#lib/domain/role.ts";
import { hasRole } from "#lib/domain/role.ts";
import type { Actor, AuditEntry, CallContext, ServiceContext } from "./context.ts";
import { scopedStore } from "./context.ts";
import { insertAudit, runChecked } from "./run-audited.ts";

export interface ServiceDefinition<I extends z.ZodType, O extends z.ZodType> {
  name: string;
  /** The least that a person needs; keys need the scope that stands for it. */
  role: Role;
  /** Keys with one of these may, too: what a program may do that may do little else. */
  keyScopes?: readonly ApiKeyScope[];
  input: I;
  output: O;
  /** true: one transaction, and `ctx.audit` or nothing is committed. */
  writes: boolean;
  run(ctx: ServiceContext, input: z.output<I>): Promise<z.input<O>>;
}

export interface Service<I extends z.ZodType, O extends z.ZodType> extends ServiceDefinition<I, O> {
  call(call: CallContext & { tx?: Postgres }, rawInput: unknown): Promise<z.output<O>>;
}

export function defineService<I extends z.ZodType, O extends z.ZodType>(
  definition: ServiceDefinition<I, O>,
): Service<I, O> {
  return {
    ...definition,
    async call(call, rawInput) {
      authorise(call.actor, definition);
      // With what came, so that a refusal can say its type.
      const input = definition.input.parse(rawInput, { reportInput: true });
      if (!definition.writes) {
        const pg = call.tx ?? call.postgres.db;
        return runChecked(definition.name, async () =>
          definition.output.parse(await definition.run(contextOf(call, pg, refuseAudit), input)),
        );
      }
      if (call.tx !== undefined) return runAudited(definition, call, call.tx, input);
      return call.postgres.transaction((tx) => runAudited(definition, call, tx, input));
    },
  };
}

async function runAudited<I extends z.ZodType, O extends z.ZodType>(
  definition: ServiceDefinition<I, O>,
  call: CallContext,
  tx: Postgres,
  input: z.output<I>,
): Promise<z.output<O>> {
  const entries: (AuditEntry | "unchanged")[] = [];
  const ctx = contextOf(call, tx, (entry) => {
    entries.push(entry);
  });
  const output = await runChecked(definition.name, async () =>
    definition.output.parse(await definition.run(ctx, input)),
  );
  const who = {
    workspaceId: call.workspaceId,
    actorKind: call.actor.kind,
    actorId: actorId(call.actor),
  };
  const records = entries.map((entry) => (entry === "unchanged" ? entry : { ...entry, ...who }));
  await insertAudit(tx, definition.name, records, call.now);
  return output;
}

function contextOf(
  call: CallContext,
  pg: Postgres,
  audit: ServiceContext["audit"],
): ServiceContext {
  return {
    workspaceId: call.workspaceId,
    actor: call.actor,
    now: call.now,
    signal: call.signal,
    pg,
    ch: scopedStore(call),
    clickhouse: call.clickhouse,
    audit,
    call: { ...call, tx: pg },
  };
}

function refuseAudit(): void {
  throw new Error("A service that only reads has nothing to audit.");
}

const scopesFor: Record<Role, readonly ApiKeyScope[]> = {
  viewer: ["read", "write", "admin"],
  editor: ["write", "admin"],
  admin: ["admin"],
  owner: ["admin"],
};

function authorise(
  actor: Actor,
  {
    role: needed,
    keyScopes = [],
    name,
  }: { role: Role; keyScopes?: readonly ApiKeyScope[]; name: string },
): void {
  switch (actor.kind) {
    case "user":
      if (hasRole(actor.role, needed)) return;
      throw new AppError(
        "forbidden",
        `${name} needs the role ${needed}; yours is ${actor.role}. An owner or admin can change it.`,
      );
    case "key":
      if (actor.scopes.some((scope) => [...scopesFor[needed], ...keyScopes].includes(scope)))
        return;
      throw new AppError(
        "forbidden",
        `${name} needs a key with the scope ${scopesFor[needed][0]}.`,
      );
    case "job":
      return;
  }
}

function actorId(actor: Actor): string {
  switch (actor.kind) {
    case "user":
      return actor.userId;
    case "key":
      return actor.keyId;
    case "job":
      return actor.name;
  }
}
