import { eq, sql } from "drizzle-orm";
import type { FeatureType } from "#lib/domain/model.ts";
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

export interface ProfiledFeature {
  name: string;
  type: FeatureType;
}

/** What a model's rows are profiled by. `modelId` comes from the job's own claim, never from a caller. */
export async function listProfiledNames(
  pg: Postgres,
  modelId: string,
): Promise<{ features: ProfiledFeature[]; segmentKeys: string[] }> {
  const [listed, keys] = await Promise.all([
    pg
      .select({ name: features.name, type: features.type })
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
  return { features: listed, segmentKeys: keys.map((row) => row.key) };
}
