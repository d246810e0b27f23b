import { randomUUID } from "node:crypto";
import { Readable } from "node:stream";
import { eq } from "drizzle-orm";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { insertSegmentKey } from "#db/postgres/queries/segment.ts";
import { models } from "#db/postgres/schema/models.ts";
import { buildModel, buildWorkspace } from "#db/testing/build-workspace.ts";
import { insertLabels } from "#db/testing/insert-labels.ts";
import type { TestPrediction } from "#db/testing/insert-predictions.ts";
import { insertPredictions } from "#db/testing/insert-predictions.ts";
import type { TestStores } from "#db/testing/open-stores.ts";
import { openStores } from "#db/testing/open-stores.ts";
import type { Performance } from "#lib/api/performance.ts";
import type { BaselineMapping } from "#lib/domain/baseline-mapping.ts";
import type { Task } from "#lib/domain/model.ts";
import { seededRandom } from "#lib/stats/testing/random.ts";
import { finishBaseline } from "../baseline/finish-baseline.ts";
import { importBaseline } from "../baseline/import-baseline.ts";
import type { CallContext } from "../context.ts";
import { estimateHours } from "./estimate-hours.ts";
import { getPerformance } from "./get-performance.ts";
import { learnEstimate } from "./learn-estimate.ts";
import { rebuildPerformanceDays } from "./rebuild-performance-days.ts";
import { recomputePerformance } from "./recompute-performance.ts";

let stores: TestStores;
let workspaceId: string;
let call: CallContext;

const dayMs = 86_400_000;
const firstDay = Date.parse("2026-11-16T00:00:00Z");
const now = new Date("2026-11-21T12:00:00Z");
const days = 5;
const rowsPerDay = 300;

beforeAll(async () => {
  stores = openStores();
  ({ id: workspaceId } = await buildWorkspace(stores.postgres));
  call = { ...stores, workspaceId, actor: { kind: "job", name: "test" }, now };
});
afterAll(() => stores.close());

type Drawn = Omit<TestPrediction, "id" | "time"> & { truth: number | string };

/** A model whose baseline is drawn like the days after it, of which all but the last two have labels. */
async function build(
  task: Task,
  draw: (random: () => number) => Drawn,
  file: { csv: (rows: readonly Drawn[]) => string; mapping: BaselineMapping },
) {
  const model = await buildModel(stores.postgres, workspaceId);
  const random = seededRandom(11);
  const baseline = Array.from({ length: 1_200 }, () => draw(random));
  const { baselineId } = await importBaseline(
    call,
    { model: model.name, version: "1", format: "csv", mapping: file.mapping },
    Readable.from([file.csv(baseline)]),
  );
  await stores.postgres.db.update(models).set({ task }).where(eq(models.id, model.id));
  await finishBaseline(stores, { workspaceId, baselineId, now: () => now, newId: randomUUID });
  const rows = Array.from({ length: days * rowsPerDay }, (_, i) => ({
    ...draw(random),
    id: `r${i}`,
    time: new Date(firstDay + Math.floor(i / rowsPerDay) * dayMs + (i % rowsPerDay) * 280_000),
  }));
  const key = { workspaceId, modelId: model.id };
  await insertPredictions(stores, key, rows);
  await insertLabels(
    stores,
    key,
    rows.slice(0, (days - 2) * rowsPerDay).map(({ id, time, truth }) => ({
      id,
      label: truth,
      time: new Date(time.getTime() + 3_600_000),
    })),
  );
  await stores.postgres.db.execute(
    `INSERT INTO model_versions (model_id, environment, version, first_seen_at, last_seen_at)
     VALUES ('${model.id}', 'production', '1', now(), '2026-11-21T00:00:00Z') ON CONFLICT DO NOTHING`,
  );
  const range = {
    ...key,
    fromTime: new Date(firstDay),
    untilTime: new Date(firstDay + days * dayMs),
  };
  await recomputePerformance(stores, range);
  await rebuildPerformanceDays(stores, range);
  const work = { workspaceId, modelId: model.id, now };
  const ask = () =>
    getPerformance.call(call, {
      model: model.name,
      from: new Date(firstDay).toISOString(),
      until: new Date(firstDay + days * dayMs).toISOString(),
      bucket: "day",
    });
  return { model, baselineId, work, ask, range };
}

/** Days with labels whose realised metric lies in the band, and the metrics that every day has an estimate of. */
const covered = ({ buckets }: Performance, metric: string) =>
  buckets.filter(({ metrics, estimates }) => {
    const [realised, estimate] = [metrics[metric]?.value, estimates[metric]];
    if (realised == null || estimate?.lower == null || estimate.upper === null) return false;
    return realised >= estimate.lower && realised <= estimate.upper;
  }).length;

describe("a regression", () => {
  test("is estimated from its rows before labels come, within its band, once", async () => {
    const { work, baselineId, ask, range } = await build(
      "regression",
      (random) => {
        const size = random();
        const value = 20 + 30 * size;
        const kind = random() < 0.5 ? "a" : "b";
        const spread = (1 + 4 * size) * (kind === "a" ? 1 : 2);
        return { features: { size, kind }, value, truth: value + spread * (random() - 0.5) };
      },
      {
        csv: (rows) =>
          `size,kind,answer,truth\n${rows.map((row) => [row.features?.size, row.features?.kind, row.value, row.truth].join(",")).join("\n")}\n`,
        mapping: { prediction: "answer", label: "truth" },
      },
    );
    expect((await ask()).estimate.state).toBe("learning");
    await learnEstimate(stores, { workspaceId, baselineId, now });
    expect((await ask()).buckets[0]?.estimates).toEqual({});
    expect(await estimateHours(stores, work)).toBe(days * 24);
    expect(await estimateHours(stores, work)).toBe(0);
    const found = await ask();
    expect(found.estimate).toMatchObject({ state: "ready", baseline: { rowCount: 1_200 } });
    for (const metric of ["mae", "mse", "rmse", "mape", "rmsle"]) {
      expect([metric, covered(found, metric)]).toEqual([metric, days - 2]);
      const unlabelled = found.buckets.at(-1);
      expect(unlabelled?.metrics[metric]?.value).toBeNull();
      expect(unlabelled?.estimates[metric]).toMatchObject({ distrust: null });
    }
    // The mean of |e|: spread / 4, of which the mean is 4.5 / 4.
    expect(found.buckets.at(-1)?.estimates.mae?.value).toBeGreaterThan(1);
    expect(found.buckets.at(-1)?.estimates.mae?.value).toBeLessThan(1.25);
    expect(found.residuals.reduce((sum, { share }) => sum + share, 0)).toBeCloseTo(1, 6);
    // An hour that is judged anew is estimated anew.
    await recomputePerformance(stores, { ...range, untilTime: new Date(firstDay + 3_600_000) });
    expect(await estimateHours(stores, work)).toBe(1);
  });
});

describe("a model with many classes", () => {
  test("is estimated from its probabilities, calibrated by its baseline", async () => {
    const names = ["ant", "bee", "cat"];
    const { work, baselineId, ask } = await build(
      "multiclass",
      (random) => {
        const weights = names.map(() => random() + 0.05);
        const sum = weights.reduce((a, b) => a + b, 0);
        const sharp = weights.map((weight) => weight ** 3);
        const all = sharp.reduce((a, b) => a + b, 0);
        const scores = sharp.map((weight) => Math.round((100 * weight) / all) / 100);
        let draw = random() * sum;
        const truth = names.find((_, i) => {
          draw -= weights[i] ?? 0;
          return draw <= 0;
        });
        return {
          features: { any: random() },
          label: names[scores.indexOf(Math.max(...scores))] ?? "",
          probabilities: Object.fromEntries(names.map((name, i) => [name, scores[i] ?? 0])),
          truth: truth ?? "cat",
        };
      },
      {
        csv: (rows) =>
          `any,p_ant,p_bee,p_cat,decided,truth\n${rows.map((row) => [row.features?.any, ...names.map((name) => row.probabilities?.[name]), row.label, row.truth].join(",")).join("\n")}\n`,
        mapping: {
          prediction: "decided",
          label: "truth",
          probabilities: { ant: "p_ant", bee: "p_bee", cat: "p_cat" },
        },
      },
    );
    await learnEstimate(stores, { workspaceId, baselineId, now });
    expect(await estimateHours(stores, work)).toBe(days * 24);
    const found = await ask();
    expect(found.estimate).toMatchObject({ state: "ready", isCalibrated: true });
    for (const metric of [
      "accuracy",
      "macro_f1",
      "macro_precision",
      "macro_recall",
      "macro_roc_auc",
    ]) {
      expect([metric, covered(found, metric)]).toEqual([metric, days - 2]);
      expect(found.buckets.at(-1)?.estimates[metric]).toMatchObject({ distrust: null });
    }
    const scope = { pg: stores.postgres.db, workspaceId };
    await insertSegmentKey(scope, { modelId: work.modelId, key: "region", createdAt: now });
    const segment = await getPerformance.call(call, {
      model: found.model,
      from: found.from,
      until: found.until,
      segmentKey: "region",
      segmentValue: "eu",
    });
    expect(segment.estimate.state).toBe("not_for_segment");
  });
});

test("a mapping that names a class's column that is not there is refused with its name", async () => {
  const bad = importBaseline(
    call,
    { model: "any", format: "csv", mapping: { probabilities: { ant: "nowhere" } } },
    Readable.from(["a,b\n1,2\n"]),
  );
  await expect(bad).rejects.toThrow('The mapping\'s probabilities names the column "nowhere"');
});
