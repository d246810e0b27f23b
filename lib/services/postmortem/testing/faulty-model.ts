import { and, eq } from "drizzle-orm";
import { incidents } from "#db/postgres/schema/incidents.ts";
import { modelVersions } from "#db/postgres/schema/models.ts";
import { buildModel, buildUser, buildWorkspace } from "#db/testing/build-workspace.ts";
import type { TestPrediction } from "#db/testing/insert-predictions.ts";
import { insertPredictions } from "#db/testing/insert-predictions.ts";
import type { TestStores } from "#db/testing/open-stores.ts";
import type { MonitorQuestion } from "#lib/domain/monitor-definition.ts";
import { defaultQuestion } from "#lib/domain/monitor-definition.ts";
import type { CallContext } from "../../context.ts";
import { createIncident } from "../../incident/create-incident.ts";
import { rebuildDays } from "../../profile/rebuild-days.ts";
import { recomputeBuckets } from "../../profile/recompute-buckets.ts";

const hourMs = 3_600_000;
const days = 40;

/** A model with twelve rows an hour over forty days. From hour 912 on, for 24 hours, nine of ten have no `x`; over 24 hours ten
 *  days before, four of ten. */
export interface FaultyModel {
  workspaceId: string;
  model: { id: string; name: string };
  at(hour: number): Date;
  hourOf(iso: string | null): number | null;
  call(actor?: CallContext["actor"]): CallContext;
  clock: { now: Date };
  person(name: string): Promise<CallContext["actor"] & { kind: "user" }>;
  /** An incident whose impact began with the fault. */
  incident(title?: string): Promise<number>;
}

export const faultFrom = 912;
export const faultUntil = 936;
const noiseFrom = 672;

export async function buildFaultyModel(stores: TestStores, startIso: string): Promise<FaultyModel> {
  const start = Date.parse(startIso);
  const at = (hour: number) => new Date(start + hour * hourMs);
  const { id: workspaceId } = await buildWorkspace(stores.postgres);
  const model = await buildModel(stores.postgres, workspaceId, { features: { x: "numeric" } });
  await stores.postgres.db
    .update(modelVersions)
    .set({ firstSeenAt: at(0), lastSeenAt: at(days * 24) })
    .where(eq(modelVersions.modelId, model.id));
  const isMissing = (hour: number, i: number) =>
    (hour >= faultFrom && hour < faultUntil && i % 10 !== 0) ||
    (hour >= noiseFrom && hour < noiseFrom + 24 && i % 10 < 4);
  const rows = Array.from({ length: days * 24 }, (_, hour) =>
    Array.from(
      { length: 12 },
      (_, i): TestPrediction => ({
        id: `r-${hour}-${i}`,
        time: new Date(start + hour * hourMs + i * 300_000),
        features: isMissing(hour, i) ? {} : { x: i },
        value: i,
      }),
    ),
  );
  for (let i = 0; i < rows.length; i += 240)
    await insertPredictions(
      stores,
      { workspaceId, modelId: model.id },
      rows.slice(i, i + 240).flat(),
    );
  const range = { workspaceId, modelId: model.id, fromTime: at(0), untilTime: at(days * 24) };
  await recomputeBuckets(stores, { ...range, grain: "1h" });
  await rebuildDays(stores, range);
  const clock = { now: new Date(at(days * 24).getTime() + 61_000) };
  const call = (actor: CallContext["actor"] = { kind: "job", name: "test" }): CallContext => ({
    ...stores,
    workspaceId,
    actor,
    now: clock.now,
  });
  return {
    workspaceId,
    model,
    at,
    clock,
    call,
    hourOf: (iso) => (iso === null ? null : (Date.parse(iso) - start) / hourMs),
    async person(name) {
      const { id } = await buildUser(stores.postgres, { workspaceId, role: "editor", name });
      return { kind: "user", userId: id, role: "editor" };
    },
    async incident(title = "x is missing") {
      const { number } = await createIncident.call(call(), {
        title,
        reason: "a test",
        severity: "sev2",
        causeClass: "data_quality",
        model: model.name,
      });
      await stores.postgres.db
        .update(incidents)
        .set({
          impactStartedAt: at(faultFrom),
          detectedAt: at(faultFrom + 20),
          mitigatedAt: at(faultUntil),
          resolvedAt: at(faultUntil + 1),
          state: "resolved",
          tickAt: null,
        })
        .where(and(eq(incidents.workspaceId, workspaceId), eq(incidents.number, number)));
      return number;
    },
  };
}

/** The share of missing values of x over six hours: two of three windows beyond to fire. */
export const missing = (fire: number, clear = fire / 2): MonitorQuestion => {
  const question = defaultQuestion("quality");
  return {
    ...question,
    definition: {
      ...question.definition,
      window: "6h",
      cadence: "6h",
      statistic: "missing_share",
      target: { kind: "feature", feature: "x" },
      threshold: { kind: "fixed", direction: "above", fire, clear },
      sampleMin: 20,
    },
  };
};
