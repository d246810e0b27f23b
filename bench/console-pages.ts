import { getDrift } from "#lib/services/drift/get-drift.ts";
import { getFeatureDrift } from "#lib/services/drift/get-feature-drift.ts";
import { getFleet } from "#lib/services/fleet/get-fleet.ts";
import { getFreshness } from "#lib/services/freshness/get-freshness.ts";
import { getJobStatus } from "#lib/services/job/get-job-status.ts";
import { getModel } from "#lib/services/model/get-model.ts";
import { getOnboarding } from "#lib/services/onboarding/get-onboarding.ts";
import { listPredictions } from "#lib/services/prediction/list-predictions.ts";
import { listRejections } from "#lib/services/rejection/list-rejections.ts";
import { getVolume } from "#lib/services/volume/get-volume.ts";
import { openWorkspace } from "#lib/services/workspace/open-workspace.ts";
import type { ConsoleStore } from "./console-store.ts";
import { busyModel } from "./console-store.ts";
import { workspaceSlug } from "./profile-rig.ts";

export interface Page {
  name: string;
  /** One request, as a route answers it; `turn` chooses which row, feature or entity is asked for. */
  ask(turn: number): Promise<string>;
}

/** A service as the doors of the management API use it. */
interface Asked {
  call(call: Awaited<ReturnType<typeof openCall>>, input: unknown): Promise<unknown>;
}

export interface SampledRows {
  predictionIds: string[];
  entityIds: string[];
}

/** What the pages of the console ask: the busy model, the window that a page opens with (7 days), and the longest. */
export function consolePages(store: ConsoleStore, sample: SampledRows): Page[] {
  const model = busyModel;
  const page = (name: string, service: Asked, input: (turn: number) => object): Page => ({
    name,
    ask: async (turn) => JSON.stringify(await service.call(await openCall(store), input(turn))),
  });
  const feature = (turn: number) => `continuous_${turn % 12}`;
  const pick = (values: readonly string[], turn: number) => values[turn % values.length] ?? "";
  return [
    page("fleet, 24 hours", getFleet, () => ({ range: "24h" })),
    page("fleet, 7 days", getFleet, () => ({})),
    page("model", getModel, () => ({ model })),
    page("drift, 24 hours", getDrift, () => ({ model, range: "24h" })),
    page("drift, 7 days", getDrift, () => ({ model })),
    page("drift, 30 days", getDrift, () => ({ model, range: "30d" })),
    page("drift, 7 days against those before", getDrift, () => ({ model, reference: "trailing" })),
    page("drift of a feature, 7 days", getFeatureDrift, (turn) => ({
      model,
      feature: feature(turn),
    })),
    page("drift of a feature, 30 days", getFeatureDrift, (turn) => ({
      model,
      feature: feature(turn),
      range: "30d",
    })),
    page("freshness, 7 days", getFreshness, () => ({ model })),
    page("freshness, 90 days", getFreshness, () => ({ model, range: "90d" })),
    page("volume, 7 days", getVolume, () => ({ model })),
    page("volume, 90 days", getVolume, () => ({ model, range: "90d" })),
    page("rows: the newest 50", listPredictions, () => ({ model })),
    page("rows: the newest 50 of 90 days", listPredictions, () => ({ model, range: "90d" })),
    page("rows: by id", listPredictions, (turn) => ({
      model,
      predictionId: pick(sample.predictionIds, turn),
    })),
    page("rows: by an id that is not there", listPredictions, (turn) => ({
      model,
      predictionId: `none-${turn}`,
    })),
    page("rows: by entity", listPredictions, (turn) => ({
      model,
      entityId: pick(sample.entityIds, turn),
    })),
    page("refused rows", listRejections, () => ({ model })),
    page("jobs", getJobStatus, () => ({})),
    page("get started", getOnboarding, () => ({
      since: new Date(store.now.getTime() - 60_000).toISOString(),
    })),
  ];
}

/** Who asks is looked up on every request, as at the door. */
async function openCall({ rig, key, now }: ConsoleStore) {
  const { stores } = rig;
  const identity = { kind: "key", key } as const;
  return {
    ...stores,
    ...(await openWorkspace(stores.postgres, identity, workspaceSlug, now)),
    now,
  };
}

/** Rows from all over the 90 days, and the customers that they belong to. */
export async function sampleRows(store: ConsoleStore, count: number): Promise<SampledRows> {
  const result = await store.rig.stores.clickhouse.query({
    query: `SELECT prediction_id AS predictionId, entity_id AS entityId FROM predictions
      WHERE model_id = (SELECT model_id FROM predictions GROUP BY model_id ORDER BY count() DESC LIMIT 1)
        AND timestamp >= {fromTime: DateTime64(3)} AND cityHash64(timestamp, 1) % {every: UInt32} = 0 LIMIT {count: UInt32}`,
    query_params: { fromTime: new Date(0), every: Math.ceil(store.rowCount / count / 2), count },
    format: "JSONEachRow",
  });
  const rows = await result.json<{ predictionId: string; entityId: string }>();
  return {
    predictionIds: rows.map((row) => row.predictionId),
    entityIds: rows.map((row) => row.entityId),
  };
}
