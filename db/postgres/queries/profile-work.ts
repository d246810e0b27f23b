import { eq, sql } from "drizzle-orm";
import type { Postgres } from "../client.ts";
import { features, segmentKeys } from "../schema/models.ts";

const featuresMax = 5_000;

/** Grows with every draw, over all processes. */
export async function nextProfileRevision(pg: Postgres): Promise<number> {
  const drawn = await pg.execute<{ revision: string }>(
    sql`SELECT nextval('profile_revision') AS revision`,
  );
  return Number(drawn.rows[0]?.revision);
}

/** What a model's rows are profiled by. `modelId` comes from the job's own claim, never from a caller. */
export async function listProfiledNames(
  pg: Postgres,
  modelId: string,
): Promise<{ featureNames: string[]; segmentKeys: string[] }> {
  const [names, keys] = await Promise.all([
    pg
      .select({ name: features.name })
      .from(features)
      .where(eq(features.modelId, modelId))
      .orderBy(features.name)
      .limit(featuresMax),
    pg
      .select({ key: segmentKeys.key })
      .from(segmentKeys)
      .where(eq(segmentKeys.modelId, modelId))
      .orderBy(segmentKeys.createdAt, segmentKeys.key),
  ]);
  return { featureNames: names.map((row) => row.name), segmentKeys: keys.map((row) => row.key) };
}
