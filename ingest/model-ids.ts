import { uuidBytes } from "#db/clickhouse/row-writer.ts";
import type { PostgresPool } from "#db/postgres/client.ts";
import { registerModels } from "#db/postgres/queries/register-models.ts";
import type { PlannedBatch, PlannedModel } from "./plan-batch.ts";
import { modelKey } from "./plan-batch.ts";

interface KnownModel {
  id: string;
  bytes: Uint8Array;
  knownUntilMs: number;
}

export interface ModelIdsOptions {
  postgres: PostgresPool;
  now: () => number;
  mintId: () => string;
}

const knownForMs = 60_000;
const knownMax = 10_000;

/** From names in the log to ids in the registry, which learns on the way what is new. */
export class ModelIds {
  readonly #options: ModelIdsOptions;
  readonly #known = new Map<string, KnownModel>();

  constructor(options: ModelIdsOptions) {
    this.#options = options;
  }

  async register(plan: PlannedBatch): Promise<void> {
    const nowMs = this.#options.now();
    const due = [...plan.models.values()].filter((model) => this.#isDue(model, nowMs));
    if (this.#known.size > knownMax) this.#known.clear();
    for (const [workspaceId, models] of Map.groupBy(due, (model) => model.workspaceId)) {
      const sightings = models.map((model) => ({
        id: this.#options.mintId(),
        name: model.name,
        task: model.task,
        versions: [...model.versions.values()],
        features: [...model.features],
      }));
      const seenAt = new Date(plan.newestReceivedAtMs);
      const ids = await this.#options.postgres.transaction((tx) =>
        registerModels(tx, workspaceId, sightings, seenAt),
      );
      for (const { name } of models) this.#learn(modelKey(workspaceId, name), ids.get(name), nowMs);
    }
  }

  /** Null when the workspace is gone. */
  find(key: string): { id: string; bytes: Uint8Array } | null {
    return this.#known.get(key) ?? null;
  }

  #isDue(model: PlannedModel, nowMs: number): boolean {
    if (model.task !== null || model.versions.size > 0 || model.features.size > 0) return true;
    const known = this.#known.get(modelKey(model.workspaceId, model.name));
    return known === undefined || known.knownUntilMs <= nowMs;
  }

  #learn(key: string, id: string | undefined, nowMs: number): void {
    if (id === undefined) this.#known.delete(key);
    else this.#known.set(key, { id, bytes: uuidBytes(id), knownUntilMs: nowMs + knownForMs });
  }
}
