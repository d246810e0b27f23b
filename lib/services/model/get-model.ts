import { listFeatureRows, listVersionRows } from "#db/postgres/queries/model.ts";
import type { PostgresScope } from "#db/postgres/scope.ts";
import type { Model } from "#lib/api/model.ts";
import { modelInput, modelOutput } from "#lib/api/model.ts";
import { defineService } from "../define-service.ts";
import { getModelRow } from "./get-model-row.ts";

export const getModel = defineService({
  name: "getModel",
  role: "viewer",
  input: modelInput,
  output: modelOutput,
  writes: false,
  run: (ctx, { model }) => readModel(ctx, model),
});

export async function readModel(scope: PostgresScope, name: string): Promise<Model> {
  const model = await getModelRow(scope, name);
  const versions = await listVersionRows(scope, model.id);
  const features = await listFeatureRows(scope, model.id);
  return {
    ...model,
    firstSeenAt: model.firstSeenAt.toISOString(),
    versions: versions.map(withIsoTimes),
    features: features.map(withIsoTimes),
  };
}

function withIsoTimes<T extends { firstSeenAt: Date; lastSeenAt: Date }>(row: T) {
  return {
    ...row,
    firstSeenAt: row.firstSeenAt.toISOString(),
    lastSeenAt: row.lastSeenAt.toISOString(),
  };
}
