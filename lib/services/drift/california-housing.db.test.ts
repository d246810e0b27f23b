import { randomUUID } from "node:crypto";
import { createReadStream } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { GET } from "#app/api/v1/workspaces/[workspace]/models/[model]/drift/series/route.ts";
import { findModelRow } from "#db/postgres/queries/model.ts";
import { buildKey, buildWorkspace } from "#db/testing/build-workspace.ts";
import type { TestIngest } from "#ingest/testing/test-ingest.ts";
import { startTestIngest, testNowMs } from "#ingest/testing/test-ingest.ts";
import type { DriftSeries } from "#lib/api/drift.ts";
import { ask, startWeb } from "#lib/http/testing/web.ts";
import type { Runtime } from "#lib/runtime.ts";
import { GOLDEN_SKIPPED, readGolden, readOutsideData } from "#lib/stats/testing/golden.ts";
import { disagreement } from "#lib/stats/testing/reference.ts";
import { finishBaseline } from "../baseline/finish-baseline.ts";
import { importBaseline } from "../baseline/import-baseline.ts";
import { rebuildDays } from "../profile/rebuild-days.ts";
import { recomputeBuckets } from "../profile/recompute-buckets.ts";

/** Real rows sent through the front door; one request answers NannyML's table of drift by month. */
type Golden = {
  all_chunks: { chunks: (Record<string, number | string | null> & { month: string })[] };
  thresholds: Record<string, { upper: number }>;
  alerts: Record<string, string[]>;
  evidently: { months: string[]; columns: Record<string, Record<string, (number | null)[]>> };
};
const golden = readGolden<Golden>("california-housing.json");
const analysisText = readOutsideData("california-housing/california_housing_analysis.csv");
const truthText = readOutsideData("california-housing/california_housing_analysis_gt.csv");
const canRun = golden !== null && analysisText !== null && truthText !== null;

const parse = (text: string | null) => {
  const [head = "", ...lines] = (text ?? "").trimEnd().split("\n");
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
const year = { from: "2021-06-01T00:00:00Z", until: "2022-06-01T00:00:00Z" };

describe.skipIf(!canRun)(
  canRun ? "California Housing, drift by month" : `${GOLDEN_SKIPPED}, or the rows are not given`,
  () => {
    let runtime: Runtime;
    let ingest: TestIngest;
    let workspace: { id: string; slug: string };
    let key: string;

    const request = async (query: Record<string, string>) => {
      const params = { workspace: workspace.slug, model };
      const answer = await ask(GET, { params, key, query: { ...year, ...query } });
      expect([answer.status, answer.status === 200 ? "" : answer.text]).toEqual([200, ""]);
      return answer.json as DriftSeries;
    };
    const send = async (path: string, rows: object[]) => {
      for (let from = 0; from < rows.length; from += 2_000)
        expect(
          await ingest.post(`${path}?ack=stored`, rows.slice(from, from + 2_000)),
        ).toMatchObject({ status: 202, body: { rejected: [] } });
    };

    beforeAll(async () => {
      runtime = startWeb();
      workspace = await buildWorkspace(runtime.postgres, { rawRetentionDays: null });
      key = (await buildKey(runtime.postgres, workspace.id, ["read"])).secret;
      const { secret } = await buildKey(runtime.postgres, workspace.id, ["ingest"]);
      ingest = await startTestIngest(runtime, { key: secret });
      const stores = { postgres: runtime.postgres, clickhouse: runtime.clickhouse };
      const imported = await importBaseline(
        {
          ...stores,
          workspaceId: workspace.id,
          actor: { kind: "key", keyId: randomUUID(), scopes: ["ingest", "read"] },
          now: new Date(testNowMs),
        },
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
        createReadStream(
          join(
            process.env.PLUMBLINE_DATA_DIR ?? "",
            "california-housing",
            "california_housing_reference.csv",
          ),
        ),
      );
      await finishBaseline(stores, {
        workspaceId: workspace.id,
        baselineId: imported.baselineId,
        now: () => new Date(testNowMs),
        newId: randomUUID,
      });
      const analysis = parse(analysisText);
      const timeOf = (one: Record<string, string>) => `${one.timestamp?.replace(" ", "T")}Z`;
      await send(
        "/v1/predictions",
        analysis.map((one) => ({
          model,
          version: "1",
          prediction_id: one.id,
          timestamp: timeOf(one),
          features: Object.fromEntries(features.map((name) => [name, Number(one[name])])),
          prediction: { label: one.y_pred, score: Number(one.y_pred_proba) },
        })),
      );
      const made = new Map(analysis.map((one) => [one.id, timeOf(one)]));
      await send(
        "/v1/labels",
        parse(truthText).map((one) => ({
          model,
          prediction_id: one.id,
          label: Number(one.clf_target),
          label_timestamp: made.get(one.id),
        })),
      );
      const scope = { pg: runtime.postgres.db, workspaceId: workspace.id };
      const range = {
        workspaceId: workspace.id,
        modelId: (await findModelRow(scope, model))?.id ?? "",
        fromTime: new Date(year.from),
        untilTime: new Date(year.until),
      };
      await recomputeBuckets(stores, { ...range, grain: "1h" });
      await rebuildDays(stores, range);
    }, 900_000);
    afterAll(async () => {
      await ingest.stop();
      await ingest.removeFolder();
      await runtime.close();
    });

    const methods = {
      js: "js_distance",
      ks: "ks_statistic",
      wasserstein: "wasserstein",
      hellinger: "hellinger",
    };
    const rowOf = (series: DriftSeries, feature: string, method: string) => {
      const row = series.rows.find((one) => one.feature === feature && one.method === method);
      if (row === undefined) throw new Error(`no ${method} of ${feature}`);
      return row;
    };

    test("one request answers NannyML's values of all twenty months, its thresholds and its alerts", async () => {
      const series = await request({ profile: "nannyml", grain: "month" });
      const chunks = golden?.all_chunks.chunks ?? [];
      expect(
        series.chunks.map((chunk) => [chunk.from.slice(0, 7), chunk.period, chunk.rowCount]),
      ).toEqual(chunks.map((chunk) => [chunk.month, chunk.period, chunk.rows]));
      let compared = 0;
      for (const feature of ["MedInc", "HouseAge", "Latitude"]) {
        for (const [short, method] of Object.entries(methods)) {
          const row = rowOf(series, feature, method);
          chunks.forEach((chunk, i) => {
            const expected = chunk[`${short}_${feature}`];
            if (typeof expected !== "number") throw new Error(`${short}_${feature} is not golden`);
            const actual = row.cells[i]?.value ?? null;
            const tolerance = { rtol: 1e-6, atol: 2e-8 };
            expect([chunk.month, method, disagreement(actual, expected, tolerance)]).toEqual([
              chunk.month,
              method,
              undefined,
            ]);
            compared += 1;
          });
          const upper = golden?.thresholds[`${short}_${feature}`]?.upper ?? Number.NaN;
          expect([method, disagreement(row.threshold, upper, { rtol: 1e-9 })]).toEqual([
            method,
            undefined,
          ]);
          const alerts = series.chunks.filter((_, i) => row.cells[i]?.isDrift === true);
          expect(alerts.map((chunk) => chunk.from.slice(0, 7))).toEqual(
            golden?.alerts[`${short}_${feature}`],
          );
        }
      }
      expect(compared).toBe(240);
      const subjects = new Set(series.rows.map((row) => `${row.subject} ${row.feature}`));
      expect([...subjects].sort()).toEqual([
        ...features.map((feature) => `feature ${feature}`).sort(),
        "prediction label",
        "prediction score",
        // The file has the class as a number, and the log as a name: each is shown, neither is compared with the other.
        "prediction value",
      ]);
    });

    test("and Evidently's, under its profile", async () => {
      const series = await request({ profile: "evidently", grain: "month" });
      const { months = [], columns = {} } = golden?.evidently ?? {};
      expect(series.chunks.map((chunk) => chunk.from.slice(0, 7))).toEqual(months);
      for (const [feature, values] of Object.entries(columns)) {
        for (const [method, expected] of Object.entries(values)) {
          const { cells } = rowOf(series, feature, method);
          expected.forEach((value, i) => {
            if (value === null) return;
            const tolerance = method === "ks_p_value" ? { rtol: 1e-4 } : { rtol: 1e-6, atol: 2e-8 };
            const actual = cells[i]?.value ?? null;
            expect([months[i], method, disagreement(actual, value, tolerance)]).toEqual([
              months[i],
              method,
              undefined,
            ]);
          });
        }
      }
    });

    test("our own come from profiles, with a verdict a month, and say the same of Latitude", async () => {
      const series = await request({ grain: "month" });
      expect(series.chunks.map((chunk) => [chunk.from.slice(0, 7), chunk.rowCount])).toEqual(
        (golden?.all_chunks.chunks ?? [])
          .filter((chunk) => chunk.period === "analysis")
          .map((chunk) => [chunk.month, chunk.rows]),
      );
      const latitude = rowOf(series, "Latitude", "kolmogorov_smirnov");
      (golden?.all_chunks.chunks ?? []).slice(8).forEach((chunk, i) => {
        // Few enough distinct values to be kept one by one: the same number as from the rows.
        const value = latitude.cells[i]?.value ?? Number.NaN;
        expect(Math.abs(value - Number(chunk.ks_Latitude))).toBeLessThan(1e-6);
      });
      expect(latitude.cells.every((cell) => cell.isDrift === true)).toBe(true);
    });

    test("a table that would be too wide is refused with what to ask for instead", async () => {
      const params = { workspace: workspace.slug, model };
      const answer = await ask(GET, { params, key, query: { ...year, grain: "day" } });
      expect([answer.status, answer.json]).toMatchObject([
        429,
        { code: "limit_exceeded", detail: expect.stringContaining("365 days, and at most 62") },
      ]);
    });
  },
);
