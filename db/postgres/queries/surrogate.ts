import { and, eq, gte, lt, notExists, sql } from "drizzle-orm";
import type { Postgres } from "../client.ts";
import { modelVersions } from "../schema/models.ts";
import { surrogates } from "../schema/surrogates.ts";
import type { PostgresScope } from "../scope.ts";

export type SurrogateRow = typeof surrogates.$inferSelect;

const targetsMax = 10;

/** What was learned of a version, target by target. */
export function listSurrogates(
  { pg, workspaceId }: PostgresScope,
  { modelId, environment, version }: { modelId: string; environment: string; version: string },
): Promise<SurrogateRow[]> {
  return pg
    .select()
    .from(surrogates)
    .where(
      and(
        eq(surrogates.workspaceId, workspaceId),
        eq(surrogates.modelId, modelId),
        eq(surrogates.environment, environment),
        eq(surrogates.version, version),
      ),
    )
    .limit(targetsMax);
}

export async function upsertSurrogate(pg: Postgres, row: SurrogateRow): Promise<void> {
  await pg
    .insert(surrogates)
    .values(row)
    .onConflictDoUpdate({
      target: [surrogates.modelId, surrogates.environment, surrogates.version, surrogates.target],
      set: {
        baselineId: sql`excluded.baseline_id`,
        learnedFrom: sql`excluded.learned_from`,
        task: sql`excluded.task`,
        measure: sql`excluded.measure`,
        className: sql`excluded.class_name`,
        reason: sql`excluded.reason`,
        surrogate: sql`excluded.surrogate`,
        computedAt: sql`excluded.computed_at`,
      },
    });
}

/** Of versions that nobody has seen since then: they are learned anew if they come back. */
export async function deleteSurrogatesUnseenSince(pg: Postgres, since: Date): Promise<void> {
  await pg.delete(surrogates).where(
    and(
      lt(surrogates.computedAt, since),
      notExists(
        pg
          .select({ one: sql`1` })
          .from(modelVersions)
          .where(
            and(
              eq(modelVersions.modelId, surrogates.modelId),
              eq(modelVersions.environment, surrogates.environment),
              eq(modelVersions.version, surrogates.version),
              gte(modelVersions.lastSeenAt, since),
            ),
          ),
      ),
    ),
  );
}
