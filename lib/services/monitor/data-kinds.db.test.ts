import { randomUUID } from "node:crypto";
import { Readable } from "node:stream";
import { eq } from "drizzle-orm";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { scopeClickHouse } from "#db/clickhouse/define-query.ts";
import { markDirtyBuckets } from "#db/postgres/queries/mark-dirty-buckets.ts";
import { models, modelVersions } from "#db/postgres/schema/models.ts";
import { monitors } from "#db/postgres/schema/monitors.ts";
import { buildModel, buildWorkspace } from "#db/testing/build-workspace.ts";
import { insertLabels } from "#db/testing/insert-labels.ts";
import type { TestPrediction } from "#db/testing/insert-predictions.ts";
import { insertOffline, insertPredictions } from "#db/testing/insert-predictions.ts";
import type { TestStores } from "#db/testing/open-stores.ts";
import { openStores } from "#db/testing/open-stores.ts";
import { frozenEvidenceSchema } from "#lib/domain/evidence.ts";
import { grainMs } from "#lib/domain/grain.ts";
import type { SeriesOutcome } from "#lib/domain/monitor.ts";
import type { MonitorQuestion } from "#lib/domain/monitor-definition.ts";
import { defaultQuestion } from "#lib/domain/monitor-definition.ts";
import { seededRandom } from "#lib/stats/testing/random.ts";
import { finishBaseline } from "../baseline/finish-baseline.ts";
import { importBaseline } from "../baseline/import-baseline.ts";
import type { CallContext } from "../context.ts";
import { updateAttribute } from "../fairness/update-attribute.ts";
import { getPerformance } from "../performance/get-performance.ts";
import { learnEstimate } from "../performance/learn-estimate.ts";
import { rebuildPerformanceDays } from "../performance/rebuild-performance-days.ts";
import { recomputePerformance } from "../performance/recompute-performance.ts";
import { recomputeBuckets } from "../profile/recompute-buckets.ts";
import { recomputeClaim } from "../profile/recompute-claim.ts";
import { createSegmentKey } from "../segment/create-segment-key.ts";
import { createMonitor } from "./create-monitor.ts";
import { evaluateDueMonitors } from "./evaluate-due-monitors.ts";
import { previewMonitor } from "./preview-monitor.ts";
import { readMonitorWindow, readMonitorWindows } from "./read-monitor-windows.ts";
import { watchModel } from "./watch-model.ts";

const hourMs = grainMs["1h"];
const dayMs = grainMs["1d"];
/** Far from the clock of any worker that runs beside this suite. */
const start = Date.parse("2033-03-07T00:00:00Z");
const at = (hour: number) => new Date(start + hour * hourMs);
const now = at(30 * 24);

let stores: TestStores;
let workspaceId: string;
let call: CallContext;

beforeAll(async () => {
  stores = openStores();
  ({ id: workspaceId } = await buildWorkspace(stores.postgres));
  call = { ...stores, workspaceId, actor: { kind: "job", name: "test" }, now };
});
afterAll(() => stores.close());

const reading = () => ({
  pg: stores.postgres.db,
  ch: scopeClickHouse(stores.clickhouse, workspaceId),
  workspaceId,
});

async function build(options: Parameters<typeof buildModel>[2], days: number) {
  const model = await buildModel(stores.postgres, workspaceId, options);
  await stores.postgres.db
    .update(modelVersions)
    .set({ firstSeenAt: at(0), lastSeenAt: at(days * 24) })
    .where(eq(modelVersions.modelId, model.id));
  return { ...model, key: { workspaceId, modelId: model.id } };
}

const ask = (
  kind: MonitorQuestion["kind"],
  change: Partial<MonitorQuestion["definition"]>,
): MonitorQuestion => {
  const question = defaultQuestion(kind);
  return { ...question, definition: { ...question.definition, ...change } };
};

/** Each window asked among the others and on its own: they must come out the same. */
async function outcomesOf(
  modelId: string,
  question: MonitorQuestion,
  windows: readonly { fromTime: Date; untilTime: Date }[],
): Promise<SeriesOutcome[][]> {
  const asked = { modelId, question, now };
  const together = await readMonitorWindows(reading(), asked, windows);
  for (const [i, window] of windows.entries())
    expect(await readMonitorWindow(reading(), asked, window)).toEqual(together[i]);
  return together;
}

const said = ({ result }: SeriesOutcome) =>
  result.kind === "value" ? [result.judged, result.value] : [result.kind, result.reason];

const windowsOf = (hours: number, count: number, from = 0) =>
  Array.from({ length: count }, (_, i) => ({
    fromTime: at(from + i * hours),
    untilTime: at(from + (i + 1) * hours),
  }));

describe("skew", () => {
  let model: Awaited<ReturnType<typeof build>>;
  const hourly = { window: "1h", cadence: "1h", sampleMin: 50 } as const;
  const isOff = (hour: number, i: number) => hour >= 2 && i % 4 === 0;
  const rows = Array.from({ length: 4 * 120 }, (_, n) => {
    const [hour, i] = [Math.floor(n / 120), n % 120];
    return { id: `s${n}`, time: new Date(at(hour).getTime() + i * 20_000), hour, i };
  });

  beforeAll(async () => {
    model = await build({ features: { distance: "numeric", town: "categorical" } }, 1);
    await createSegmentKey.call(call, { model: model.name, segmentKey: "region" });
    await insertPredictions(
      stores,
      model.key,
      rows.map(({ id, time, hour, i }) => ({
        id,
        time,
        features: { distance: isOff(hour, i) ? 1.6 * i + 1 : i, town: "ATL" },
        tags: { region: i % 2 === 0 ? "eu" : "us" },
      })),
    );
  });

  test("without offline rows it cannot say; once they come its windows are asked again, and it fires", async () => {
    const question = ask("skew", { ...hourly, settleSeconds: 60 });
    let clockMs = at(4).getTime() + 61_000;
    const applied: { hour: number; outcomes: SeriesOutcome[] }[] = [];
    const evidence: unknown[] = [];
    const evaluate = async () => {
      const options = {
        stores,
        now: () => new Date(clockMs),
        newId: randomUUID,
        modelId: model.id,
        onFailure: ({ error }: { error: unknown }) => {
          throw new Error("not evaluated", { cause: error });
        },
        applyOutcomes: async (
          _tx: unknown,
          { freeze }: { freeze(outcome: SeriesOutcome): Promise<unknown> },
          outcomes: SeriesOutcome[],
        ) => {
          const [first] = outcomes;
          const hour = ((first?.windowUntil.getTime() ?? 0) - start) / hourMs;
          applied.push({ hour, outcomes });
          for (const outcome of outcomes)
            if (outcome.result.kind === "value" && outcome.result.judged === "fire")
              evidence.push(await freeze(outcome));
        },
      };
      while (await evaluateDueMonitors(options));
    };
    await stores.postgres.db.insert(monitors).values({
      id: randomUUID(),
      workspaceId,
      modelId: model.id,
      name: "skew",
      causeClass: "training_serving_skew",
      ...question,
      nextWindowUntil: at(1),
      dueAt: at(1),
      createdAt: at(0),
      updatedAt: at(0),
    });
    await evaluate();
    expect(applied.map(({ hour, outcomes }) => [hour, outcomes.map(said)])).toEqual(
      [1, 2, 3, 4].map((hour) => [
        hour,
        [["no_data", "nothing says what the features should have been: no offline rows came"]],
      ]),
    );
    applied.length = 0;
    await insertOffline(
      stores,
      model.key,
      rows.map(({ id, time, i }) => ({
        id,
        time,
        features: { distance: i, town: "ATL" },
        source: "",
      })),
    );
    await stores.postgres.db
      .update(models)
      .set({ hasOfflineFeatures: true })
      .where(eq(models.id, model.id));
    await markDirtyBuckets(
      stores.postgres.db,
      [0, 1, 2, 3].map((hour) => ({ ...model.key, bucket: at(hour).getTime() / 1_000 })),
      new Date(clockMs),
    );
    clockMs += 600_000;
    const settle = {
      stores,
      aspect: "skew" as const,
      grain: "1h" as const,
      modelId: model.id,
      newId: randomUUID,
      now: () => new Date(clockMs),
      onFailure: (failure: unknown) => {
        throw new Error("not recomputed", { cause: failure });
      },
    };
    while ((await recomputeClaim(settle)) !== null);
    await evaluate();
    expect(applied.map(({ hour, outcomes }) => [hour, outcomes.map(said)])).toEqual([
      [
        1,
        [
          ["clear", 0],
          ["clear", 0],
        ],
      ],
      [
        2,
        [
          ["clear", 0],
          ["clear", 0],
        ],
      ],
      [
        3,
        [
          ["fire", 0.25],
          ["clear", 0],
        ],
      ],
      [
        4,
        [
          ["fire", 0.25],
          ["clear", 0],
        ],
      ],
    ]);
    expect(applied[3]?.outcomes[0]?.series).toMatchObject({
      subject: "feature",
      column: "distance",
    });
    expect(frozenEvidenceSchema.parse(evidence[0])).toMatchObject({
      monitor: { kind: "skew" },
      value: 0.25,
      sentence: "30 another value of 120 pairs, n = 120",
    });
  });

  test("its rate has its interval, and windows come out the same alone and together", async () => {
    const question = ask("skew", {
      ...hourly,
      statistic: "mismatch_rate",
      target: { kind: "feature", feature: "distance" },
      threshold: { kind: "fixed", direction: "above", fire: 0.2, clear: 0.1 },
    });
    const outcomes = await outcomesOf(model.id, question, windowsOf(1, 5));
    // Wilson at 30 of 120 begins at 0.18: not for sure beyond 0.2, and it is no more over.
    expect(outcomes.map((own) => own.map(said))).toEqual([
      [["clear", 0]],
      [["clear", 0]],
      [["between", 0.25]],
      [["between", 0.25]],
      [["no_data", "no prediction of the window is known to the offline store yet"]],
    ]);
    const [third] = outcomes[2] ?? [];
    expect(third?.result).toMatchObject({ sampleCount: 120 });
    // Wilson by hand: (p + z²/2n ± z sqrt(p(1 - p)/n + z²/4n²)) / (1 + z²/n), p = 1/4, n = 120.
    if (third?.result.kind !== "value") throw new Error("Expected a value.");
    expect(third.result.lower).toBeCloseTo(0.18109821656809566, 12);
    expect(third.result.upper).toBeCloseTo(0.33441136664125615, 12);
    // Every fourth row is off, and every second one is in eu.
    const inRegion = async (value: string) => {
      const narrowed = { ...question.definition, segment: { key: "region", value } };
      const own = await outcomesOf(
        model.id,
        { ...question, definition: narrowed },
        windowsOf(1, 1, 2),
      );
      return own.flat().map((outcome) => [...said(outcome), outcome.series.segmentValue]);
    };
    expect(await inRegion("eu")).toEqual([["fire", 0.5, "eu"]]);
    expect(await inRegion("us")).toEqual([["clear", 0, "us"]]);
    const short = await outcomesOf(
      model.id,
      ask("skew", { ...hourly, sampleMin: 121 }),
      windowsOf(1, 1),
    );
    expect(short.flat().map(said)).toEqual([
      ["no_data", "120 pairs, 121 needed"],
      ["no_data", "120 pairs, 121 needed"],
    ]);
  });
});

describe("fairness", () => {
  let model: Awaited<ReturnType<typeof build>>;
  const weekly = { window: "1d", cadence: "1d", sampleMin: 30 } as const;

  beforeAll(async () => {
    model = await build({}, 3);
    await stores.postgres.db
      .update(models)
      .set({ task: "binary", taskProvenance: "confirmed" })
      .where(eq(models.id, model.id));
    await createSegmentKey.call(call, { model: model.name, segmentKey: "sex" });
    // The first day treats all alike; on the second of 200 women 60 are approved instead of 120, and 10 others are too few to say.
    const rows = [0, 1].flatMap((day) =>
      [
        { sex: "male", count: 200, approved: 120 },
        { sex: "female", count: 200, approved: day === 0 ? 120 : 60 },
        { sex: "other", count: 10, approved: 9 },
      ].flatMap(({ sex, count, approved }) =>
        Array.from({ length: count }, (_, i) => ({
          id: `${day}-${sex}-${i}`,
          time: new Date(at(day * 24).getTime() + i * 300_000),
          label: i < approved ? "yes" : "no",
          score: i < approved ? 0.9 : 0.1,
          tags: { sex },
        })),
      ),
    );
    await insertPredictions(stores, model.key, rows);
    const range = { ...model.key, fromTime: at(0), untilTime: at(3 * 24) };
    await recomputePerformance(stores, range);
    await rebuildPerformanceDays(stores, range);
  });

  test("needs a sensitive attribute, and says so before it is saved", async () => {
    const draft = { ...ask("fairness", weekly), name: "parity" };
    await expect(
      createMonitor.call(call, { model: model.name, monitor: draft }),
    ).rejects.toMatchObject({
      code: "invalid_request",
      details: [{ path: "definition.segment", message: expect.stringContaining("none is yet") }],
    });
  });

  test("fires for the group that is treated apart, and cannot say of a small one", async () => {
    await updateAttribute.call(call, {
      model: model.name,
      segmentKey: "sex",
      isSensitive: true,
      referenceValue: "male",
    });
    const [alike = [], apart = [], none = []] = await outcomesOf(
      model.id,
      ask("fairness", weekly),
      windowsOf(24, 3),
    );
    const byGroup = (outcomes: readonly SeriesOutcome[]) =>
      outcomes.map((one) => [
        one.series.segmentValue,
        one.result.kind === "value" ? one.result.judged : one.result.kind,
      ]);
    // With 200 on each side the interval of the ratio lies within four fifths and five fourths.
    expect(byGroup(alike)).toEqual([
      ["female", "clear"],
      ["other", "no_data"],
    ]);
    expect(byGroup(apart)).toEqual([
      ["female", "fire"],
      ["other", "no_data"],
    ]);
    expect(none.map(said)).toEqual([["no_data", "no predictions were made"]]);
    const [female] = apart;
    if (female?.result.kind !== "value") throw new Error("Expected a value.");
    // Half as often: ln 2 of ln 1.25 is what is tolerated.
    expect(female.result.value).toBeCloseTo(Math.log(2) / Math.log(1.25), 10);
    expect(female.result.sentence).toContain(
      "selection rate of this group is 0.5 times that of male",
    );
  });

  test("its gaps and ratios are those of the page, with their intervals, whichever way they go", async () => {
    const windows = windowsOf(24, 1, 24);
    const threshold = { kind: "fixed", direction: "above", fire: 0.1, clear: 0.05 } as const;
    const gap = ask("fairness", { ...weekly, statistic: "selection_rate_gap", threshold });
    const [outcomes = []] = await outcomesOf(model.id, gap, windows);
    expect(outcomes.map(said)).toEqual([
      ["fire", expect.closeTo(0.3, 12)],
      [
        "no_data",
        "too few rows to compare by it: 30 are needed on both sides, and 10 rows are of this group",
      ],
    ]);
    const below = { kind: "fixed", direction: "below", fire: 0.8, clear: 0.85 } as const;
    const ratio = ask("fairness", {
      ...weekly,
      statistic: "selection_rate_ratio",
      threshold: below,
    });
    const [ratios = []] = await outcomesOf(model.id, ratio, windows);
    expect(said(ratios[0] as SeriesOutcome)).toEqual(["fire", expect.closeTo(0.5, 12)]);
    // From the other side it is the same proportion.
    await updateAttribute.call(call, {
      model: model.name,
      segmentKey: "sex",
      isSensitive: true,
      referenceValue: "female",
    });
    const [turned = []] = await outcomesOf(model.id, ratio, windows);
    const [own] = turned;
    expect(own?.series.segmentValue).toBe("male");
    expect(said(own as SeriesOutcome)).toEqual(["fire", expect.closeTo(0.5, 12)]);
    const [before] = ratios;
    if (own?.result.kind !== "value" || before?.result.kind !== "value")
      throw new Error("No value.");
    expect(own.result.lower).toBeCloseTo(before.result.lower ?? 0, 10);
    expect(own.result.upper).toBeCloseTo(before.result.upper ?? 0, 10);
    const truePositives = ask("fairness", {
      ...weekly,
      statistic: "true_positive_rate_gap",
      threshold,
    });
    const [unlabelled = []] = await outcomesOf(model.id, truePositives, windows);
    expect(unlabelled.map(({ result }) => result.kind)).toEqual(["no_data", "no_data"]);
  });
});

describe("estimated performance", () => {
  let model: Awaited<ReturnType<typeof build>>;
  const days = 26;
  /** From here on scores hardly tell the classes apart, and no label has come. */
  const badFrom = 24;

  beforeAll(async () => {
    const random = seededRandom(5);
    const draw = (isBad: boolean) => {
      const score = Math.round(100 * (isBad ? 0.35 + 0.3 * random() : random() ** 0.5)) / 100;
      return { score, truth: random() < score ? "yes" : "no" };
    };
    model = await build({}, days);
    const baseline = Array.from({ length: 2_000 }, () => draw(random() < 0.1));
    const { baselineId } = await importBaseline(
      call,
      {
        model: model.name,
        version: "1",
        format: "csv",
        mapping: { prediction: "decided", score: "score", label: "truth" },
      },
      Readable.from([
        `any,decided,score,truth\n${baseline.map(({ score, truth }) => `1,${score >= 0.5 ? "yes" : "no"},${score},${truth}`).join("\n")}\n`,
      ]),
    );
    await stores.postgres.db
      .update(models)
      .set({ task: "binary", taskProvenance: "confirmed" })
      .where(eq(models.id, model.id));
    await finishBaseline(stores, { workspaceId, baselineId, now: () => now, newId: randomUUID });
    await learnEstimate(stores, { workspaceId, baselineId, now });
    const rows = Array.from({ length: days * 240 }, (_, i) => {
      const day = Math.floor(i / 240);
      const { score, truth } = draw(day >= badFrom);
      return {
        id: `e${i}`,
        time: new Date(start + day * dayMs + (i % 240) * 360_000),
        features: { any: 1 },
        label: score >= 0.5 ? "yes" : "no",
        score,
        truth,
      };
    });
    await insertPredictions(stores, model.key, rows as TestPrediction[]);
    await insertLabels(
      stores,
      model.key,
      rows.slice(0, badFrom * 240).map(({ id, time, truth }) => ({
        id,
        label: truth,
        time: new Date(time.getTime() + hourMs),
      })),
    );
    const range = { ...model.key, fromTime: at(0), untilTime: at(days * 24) };
    await recomputePerformance(stores, range);
    await rebuildPerformanceDays(stores, range);
  }, 120_000);

  test("falls before any label has come, by the estimate of the page, alike alone and together", async () => {
    const question = ask("estimated_performance", {
      statistic: "accuracy",
      threshold: { kind: "fixed", direction: "below", fire: 0.64, clear: 0.66 },
      // The band is three standard errors wide: of 240 rows it holds both.
      usesInterval: false,
    });
    const outcomes = await outcomesOf(model.id, question, windowsOf(24, 3, 23 * 24));
    const judged = outcomes.map(([one]) => (one === undefined ? null : said(one)[0]));
    expect(judged).toEqual([expect.not.stringMatching("fire"), "fire", "fire"]);
    const page = await getPerformance.call(call, {
      model: model.name,
      from: at((days - 21) * 24).toISOString(),
      until: at(days * 24).toISOString(),
      bucket: "day",
    });
    const [last] = outcomes[2] ?? [];
    if (last?.result.kind !== "value") throw new Error("Expected a value.");
    const { value, lower, upper, sampleCount, sentence } = last.result;
    expect(page.buckets.at(-1)?.estimates.accuracy).toMatchObject({ value, lower, upper });
    expect(page.buckets.at(-1)?.metrics.accuracy?.value).toBeNull();
    expect(sampleCount).toBe(240);
    expect(sentence).toContain("estimated accuracy 0.");
  });

  test("a metric that is not estimated, and too few rows, are no value", async () => {
    const threshold = { kind: "fixed", direction: "above", fire: 1, clear: 1 } as const;
    const other = ask("estimated_performance", { statistic: "mae", threshold });
    const [[one] = []] = await outcomesOf(model.id, other, windowsOf(24, 1, 24 * 24));
    expect(one?.result).toMatchObject({ kind: "no_data" });
    const small = ask("estimated_performance", {
      statistic: "accuracy",
      threshold,
      sampleMin: 241,
    });
    const [[two] = []] = await outcomesOf(model.id, small, windowsOf(24, 1, 24 * 24));
    expect(two === undefined ? null : said(two)).toEqual(["no_data", "240 rows, 241 needed"]);
  });

  test("is among the defaults of a model whose baseline teaches it, and is replayed before it is saved", async () => {
    const { created } = await watchModel.call(call, { model: model.name });
    expect(created.map(({ name }) => name)).toContain(`${model.name}: estimated accuracy`);
    const question = ask("estimated_performance", {
      statistic: "accuracy",
      threshold: { kind: "fixed", direction: "below", fire: 0.64, clear: 0.66 },
      // The band is three standard errors wide: of 240 rows it holds both.
      usesInterval: false,
    });
    const found = await previewMonitor.call(call, { model: model.name, question, days: 7 });
    expect(found.firingCount).toBe(1);
    expect(found.failedCount).toBe(0);
  });
});

describe("an expression", () => {
  let model: Awaited<ReturnType<typeof build>>;
  const hourly = { window: "1h", cadence: "1h", sampleMin: 10 } as const;

  beforeAll(async () => {
    model = await build({ features: { distance: "numeric", "trip time": "numeric" } }, 1);
    await insertPredictions(
      stores,
      model.key,
      [0, 1, 2].flatMap((hour) =>
        Array.from({ length: 20 }, (_, i) => ({
          id: `x${hour}-${i}`,
          time: new Date(at(hour).getTime() + i * 60_000),
          features: { "trip time": 10, ...(i % 4 === 0 ? {} : { distance: hour === 2 ? 16 : 10 }) },
          value: i,
          latencyMs: 100,
        })),
      ),
    );
    const range = { ...model.key, fromTime: at(0), untilTime: at(4) };
    await recomputeBuckets(stores, { ...range, grain: "5m" });
    await recomputeBuckets(stores, { ...range, grain: "1h" });
  });

  const expression = (text: string, change: Partial<MonitorQuestion["definition"]> = {}) =>
    ask("expression", {
      ...hourly,
      expression: text,
      threshold: { kind: "fixed", direction: "above", fire: 1.3, clear: 1.1 },
      ...change,
    });

  test("is computed of each window's rows and what they are compared with", async () => {
    const text = "mean(distance) / reference(mean(distance))";
    const question = expression(text, { reference: "previous" });
    const outcomes = await outcomesOf(model.id, question, windowsOf(1, 4));
    expect(outcomes.map((own) => own.map(said))).toEqual([
      [["no_data", expect.stringContaining("no rows came in")]],
      [["clear", 1]],
      [["fire", 1.6]],
      [["no_data", "0 rows, 10 needed"]],
    ]);
    expect(outcomes[2]?.[0]?.result).toMatchObject({
      sampleCount: 20,
      sentence: "expression 1.6, n = 20; fires above 1.3",
    });
  });

  test("names the model's own columns, and features of any name", async () => {
    const text = "missing_share(distance) + mean(prediction) + mean(latency) / mean(`trip time`)";
    const outcomes = await outcomesOf(model.id, expression(text), windowsOf(1, 1));
    expect(outcomes.flat().map(said)).toEqual([["fire", 0.25 + 9.5 + 10]]);
    const zero = expression("1 /\n (mean(distance) - 10)");
    expect((await outcomesOf(model.id, zero, windowsOf(1, 1))).flat().map(said)).toEqual([
      ["no_data", "it divides by zero (line 1, column 1)"],
    ]);
  });

  test("one that names what is not there is refused at its place", async () => {
    const draft = { ...expression("mean(distance) +\n  mean(distence)"), name: "slip" };
    await expect(
      createMonitor.call(call, { model: model.name, monitor: draft }),
    ).rejects.toMatchObject({
      code: "invalid_request",
      details: [
        {
          path: "definition.expression",
          message: expect.stringContaining('line 2, column 8: "'),
        },
      ],
    });
    const right = { ...expression("mean(distance)"), name: "right" };
    expect(await createMonitor.call(call, { model: model.name, monitor: right })).toMatchObject({
      id: expect.any(String),
    });
  });
});
