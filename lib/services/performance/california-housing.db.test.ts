import { randomUUID } from "node:crypto";
import { createReadStream, readFileSync } from "node:fs";
import { join } from "node:path";
import { eq } from "drizzle-orm";
import { afterAll, beforeAll, describe, expect, inject, test } from "vitest";
import { models } from "#db/postgres/schema/models.ts";
import type { TestIngest, TestStores } from "#ingest/testing/test-ingest.ts";
import {
  buildTenant,
  openStores,
  startTestIngest,
  testNowMs,
} from "#ingest/testing/test-ingest.ts";
import type { Performance, PerformancePoint } from "#lib/api/performance.ts";
import { GOLDEN_SKIPPED, readGolden } from "#lib/stats/testing/golden.ts";
import { disagreement } from "#lib/stats/testing/reference.ts";
import { finishBaseline } from "../baseline/finish-baseline.ts";
import { importBaseline } from "../baseline/import-baseline.ts";
import type { CallContext } from "../context.ts";
import { markArrivedHours } from "../profile/mark-arrived-hours.ts";
import { rebuildDays } from "../profile/rebuild-days.ts";
import { recomputeBuckets } from "../profile/recompute-buckets.ts";
import { getPerformance } from "./get-performance.ts";
import { learnEstimate } from "./learn-estimate.ts";
import { rebuildPerformanceDays } from "./rebuild-performance-days.ts";
import { recomputePerformance } from "./recompute-performance.ts";

type Golden = { monthly: Record<string, string | number | null>[] };
const golden = readGolden<Golden>("california-housing.json");
const folder = process.env.PLUMBLINE_DATA_DIR;
const canRun = golden !== null && folder !== undefined && folder !== "";

const parse = (name: string) => {
  const text = readFileSync(join(folder ?? "", "california-housing", name), "utf8");
  const [head = "", ...lines] = text.trimEnd().split("\n");
  const names = head.split(",");
  return lines.map((line) => {
    const cells = line.split(",");
    return Object.fromEntries(names.map((column, i) => [column, cells[i] ?? ""]));
  });
};

const features = [
  "MedInc",
  "HouseAge",
  "AveRooms",
  "AveBedrms",
  "Population",
  "AveOccup",
  "Latitude",
  "Longitude",
];
const model = "housing";

describe.skipIf(!canRun)(
  canRun ? "California Housing, month by month" : `${GOLDEN_SKIPPED}, or the rows are not given`,
  () => {
    let stores: TestStores;
    let ingest: TestIngest;
    let found: Performance;

    beforeAll(async () => {
      stores = openStores({
        clickhouseUrl: inject("clickhouseUrl"),
        databaseUrl: inject("databaseUrl"),
      });
      const tenant = await buildTenant(stores);
      ingest = await startTestIngest(stores, { key: tenant.key });
      const { workspaceId } = tenant;
      const call: CallContext = {
        ...stores,
        workspaceId,
        actor: { kind: "key", keyId: randomUUID(), scopes: ["ingest", "read"] },
        now: new Date(testNowMs),
      };
      const reference = join(
        folder ?? "",
        "california-housing",
        "california_housing_reference.csv",
      );
      const imported = await importBaseline(
        call,
        {
          model,
          version: "1",
          format: "csv",
          mapping: {
            features,
            prediction: "y_pred",
            score: "y_pred_proba",
            label: "clf_target",
            timestamp: "timestamp",
            predictionId: "id",
          },
          createdBy: "test",
        },
        createReadStream(reference),
      );
      const [row] = await stores.postgres.db
        .select({ id: models.id })
        .from(models)
        .where(eq(models.workspaceId, workspaceId));
      const modelId = row?.id ?? "";
      await finishBaseline(stores, {
        workspaceId,
        baselineId: imported.baselineId,
        now: () => new Date(testNowMs),
        newId: randomUUID,
      });
      const analysis = parse("california_housing_analysis.csv");
      const predictions = analysis.map((one) => ({
        model,
        version: "1",
        prediction_id: one.id,
        timestamp: `${one.timestamp?.replace(" ", "T")}Z`,
        features: Object.fromEntries(features.map((name) => [name, Number(one[name])])),
        prediction: { label: one.y_pred, score: Number(one.y_pred_proba) },
      }));
      for (let from = 0; from < predictions.length; from += 2_000)
        expect(
          await ingest.post("/v1/predictions?ack=stored", predictions.slice(from, from + 2_000)),
        ).toMatchObject({ status: 202, body: { rejected: [] } });
      const made = new Map(analysis.map((one) => [one.id, one.timestamp]));
      const labels = parse("california_housing_analysis_gt.csv").map((one) => ({
        model,
        prediction_id: one.id,
        label: Number(one.clf_target),
        label_timestamp: `${made.get(one.id ?? "")?.replace(" ", "T")}Z`,
      }));
      for (let from = 0; from < labels.length; from += 2_000)
        expect(
          await ingest.post("/v1/labels?ack=stored", labels.slice(from, from + 2_000)),
        ).toMatchObject({ status: 202, body: { rejected: [] } });
      const marked = await markArrivedHours({
        stores,
        aspect: "performance",
        modelId,
        now: () => new Date(testNowMs + 60_000),
        onFailure: ({ error }) => {
          throw error;
        },
      });
      expect(marked).toMatchObject({ rowCount: 8_232, hourCount: 8_232 });
      const range = {
        workspaceId,
        modelId,
        fromTime: new Date("2021-06-01T00:00:00Z"),
        untilTime: new Date("2022-06-01T00:00:00Z"),
      };
      await recomputePerformance(stores, range);
      await rebuildPerformanceDays(stores, range);
      await recomputeBuckets(stores, { ...range, grain: "1h" });
      await rebuildDays(stores, range);
      await learnEstimate(stores, {
        workspaceId,
        baselineId: imported.baselineId,
        now: new Date(testNowMs),
      });
      found = await getPerformance.call(call, {
        model,
        from: "2021-06-01T00:00:00Z",
        until: "2022-06-01T00:00:00Z",
        bucket: "month",
      });
    }, 900_000);
    afterAll(async () => {
      await ingest.stop();
      await ingest.removeFolder();
      await stores.close();
    });

    const months = () =>
      (golden?.monthly ?? []).map((expected) => {
        const month = String(expected.month);
        const point = found.buckets.find((one) => one.from.startsWith(month));
        if (point === undefined) throw new Error(`no ${month}`);
        return { month, expected, point };
      });
    const metrics = ["roc_auc", "accuracy", "f1"] as const;
    const tolerance = { rtol: 1e-6, atol: 2e-8 };

    test("calibrates, as the split of the reference itself says", () => {
      expect(found).toMatchObject({
        task: "binary",
        classes: { positive: "1", negative: "0" },
        estimate: { state: "ready", isCalibrated: true, baseline: { rowCount: 5_832 } },
      });
    });

    test("the realised metrics are NannyML's", () => {
      for (const { month, expected, point } of months()) {
        expect([month, point.rowCount, point.labelledCount]).toEqual([
          month,
          expected.rows,
          expected.rows,
        ]);
        for (const name of metrics) {
          const value = expected[`realised_${name}`];
          if (typeof value !== "number") continue;
          const actual = point.metrics[name]?.value ?? null;
          expect([month, name, disagreement(actual, value, tolerance)]).toEqual([
            month,
            name,
            undefined,
          ]);
        }
      }
    });

    test("the estimates are NannyML's CBPE", () => {
      for (const { month, expected, point } of months()) {
        for (const name of metrics) {
          const value = expected[`cbpe_${name}`];
          if (typeof value !== "number") continue;
          const actual = point.estimates[name]?.value ?? null;
          expect([month, name, disagreement(actual, value, tolerance)]).toEqual([
            month,
            name,
            undefined,
          ]);
        }
      }
    });

    test("precision is undefined in the months in which nothing was predicted positive, not zero", () => {
      for (const month of ["2021-08", "2021-09"]) {
        const point = months().find((one) => one.month === month)?.point;
        expect(point?.metrics.precision).toMatchObject({
          value: null,
          undefinedReason: "no_predicted_positive",
        });
        expect(point?.estimates.precision).toBeUndefined();
      }
    });

    test("every month's band covers what turned out, unless the month is not to be trusted; few are not", () => {
      const covers = (point: PerformancePoint, name: string) => {
        const [estimate, realised] = [point.estimates[name], point.metrics[name]?.value];
        if (estimate?.lower == null || estimate.upper === null || realised == null) return false;
        return realised >= estimate.lower && realised <= estimate.upper;
      };
      for (const name of ["roc_auc", "accuracy"]) {
        const distrusted = months().filter(({ point }) => point.estimates[name]?.distrust !== null);
        expect(distrusted.length).toBeLessThanOrEqual(4);
        if (name === "accuracy") expect(distrusted.map(({ month }) => month)).toContain("2021-10");
        const missed = months()
          .filter((one) => !distrusted.includes(one) && !covers(one.point, name))
          .map(({ month }) => month);
        expect([name, missed]).toEqual([name, []]);
      }
    });
  },
);
