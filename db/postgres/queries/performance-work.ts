import { eq } from "drizzle-orm";
import type { Task } from "#lib/domain/model.ts";
import type { Postgres } from "../client.ts";
import { models } from "../schema/models.ts";

/** `modelId` comes from the job's own claim, never from a caller. */
export async function findModelTask(pg: Postgres, modelId: string): Promise<Task | null> {
  const [found] = await pg
    .select({ task: models.task })
    .from(models)
    .where(eq(models.id, modelId))
    .limit(1);
  return found?.task ?? null;
}
