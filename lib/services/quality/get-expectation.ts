import { findExpectationRow, listTargetHistory } from "#db/postgres/queries/expectation.ts";
import { findKeyRow } from "#db/postgres/queries/key.ts";
import { findUser } from "#db/postgres/queries/user.ts";
import { expectationInput, expectationOutputOne } from "#lib/api/quality.ts";
import { declaredExpectationSchema, expectationLimits } from "#lib/domain/quality.ts";
import type { ServiceContext } from "../context.ts";
import { defineService } from "../define-service.ts";
import { readReference } from "../drift/read-reference.ts";
import { resolveScope } from "../model/resolve-scope.ts";
import { askKeys } from "./ask-keys.ts";
import { expectationTarget } from "./expectation-target.ts";
import { noWindow } from "./list-expectations.ts";

/** What one feature is expected to be, who said so, and what was said before. */
export const getExpectation = defineService({
  name: "getExpectation",
  role: "viewer",
  input: expectationInput,
  output: expectationOutputOne,
  writes: false,
  async run(ctx, input) {
    const scope = await resolveScope(ctx, input);
    const [reference, row, history] = await Promise.all([
      readReference(ctx, scope, { reference: "baseline" }, [input.feature]),
      findExpectationRow(ctx, scope.modelId, input.feature),
      listTargetHistory(
        ctx,
        expectationTarget.kind,
        expectationTarget.id(scope.modelId, input.feature),
      ),
    ]);
    const { keys } = askKeys({
      reference: reference?.side ?? null,
      window: noWindow,
      types: scope.types,
      declared: new Map(),
    });
    const learned = keys.find(
      (key) => key.subject === "feature" && key.feature === input.feature,
    )?.asked;
    return {
      feature: input.feature,
      learnedValues: learned?.learned.allowedValues?.slice(0, expectationLimits.valuesMax) ?? null,
      declared: row?.declared ?? null,
      provenance: row?.provenance ?? ("learned" as const),
      history: await Promise.all(
        history.map(async ({ at, actorKind, actorId, before, after }) => ({
          at: at.toISOString(),
          by: await nameOf(ctx, actorKind, actorId),
          before: toDeclared(before),
          after: toDeclared(after),
        })),
      ),
    };
  },
});

function toDeclared(entry: unknown) {
  const declared = (entry as { declared?: unknown } | null)?.declared;
  const parsed = declaredExpectationSchema.safeParse(declared);
  return parsed.success ? parsed.data : null;
}

async function nameOf(
  { pg, workspaceId }: Pick<ServiceContext, "pg" | "workspaceId">,
  kind: string,
  id: string,
): Promise<string> {
  if (kind === "user") return (await findUser(pg, id))?.name ?? "somebody who left";
  if (kind !== "key") return id;
  const key = await findKeyRow({ pg, workspaceId }, id);
  return key === null ? "a key that is gone" : `key ${key.name}`;
}
