import { eq } from "drizzle-orm";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { markBuckets } from "#db/postgres/queries/dirty-buckets.ts";
import { models, modelVersions } from "#db/postgres/schema/models.ts";
import { buildModel, buildWorkspace } from "#db/testing/build-workspace.ts";
import { insertLabels } from "#db/testing/insert-labels.ts";
import type { TestPrediction } from "#db/testing/insert-predictions.ts";
import { insertPredictions } from "#db/testing/insert-predictions.ts";
import type { TestStores } from "#db/testing/open-stores.ts";
import { openStores } from "#db/testing/open-stores.ts";
import type { Task } from "#lib/domain/model.ts";
import type { CallContext } from "../context.ts";
import { recomputePerformance } from "../performance/recompute-performance.ts";
import { recomputeBuckets } from "../profile/recompute-buckets.ts";
import { getVersionComparison } from "./get-version-comparison.ts";
import { listVersions } from "./list-versions.ts";

let stores: TestStores;
let workspaceId: string;
let call: CallContext;

const fromTime = new Date("2026-11-20T10:00:00Z");
const untilTime = new Date("2026-11-20T11:00:00Z");
const now = new Date("2026-11-20T14:00:00Z");
const window = { from: fromTime.toISOString(), until: untilTime.toISOString() };
const at = (second: number) => new Date(fromTime.getTime() + second * 1_000);

beforeAll(async () => {
  stores = openStores();
  ({ id: workspaceId } = await buildWorkspace(stores.postgres));
  call = { ...stores, workspaceId, actor: { kind: "job", name: "test" }, now };
});
afterAll(() => stores.close());

async function build(task: Task, versions: readonly string[]) {
  const model = await buildModel(stores.postgres, workspaceId, { version: "1" });
  await stores.postgres.db
    .update(models)
    .set({ task, taskProvenance: "confirmed" })
    .where(eq(models.id, model.id));
  await stores.postgres.db.insert(modelVersions).values(
    versions.map((version, i) => ({
      modelId: model.id,
      environment: "production",
      version,
      firstSeenAt: at(i),
      lastSeenAt: at(i),
    })),
  );
  return { ...model, key: { workspaceId, modelId: model.id } };
}

async function recompute(modelId: string) {
  const range = { workspaceId, modelId, fromTime, untilTime };
  for (const grain of ["5m", "1h"] as const) await recomputeBuckets(stores, { ...range, grain });
  await recomputePerformance(stores, range);
}

const truth = (i: number) => (i % 2 === 0 ? "late" : "on_time");
const not = (label: string) => (label === "late" ? "on_time" : "late");

describe("a champion and its shadow", () => {
  let model: Awaited<ReturnType<typeof build>>;
  const answer = (i: number, version: string, isRight: boolean): TestPrediction => {
    const label = isRight ? truth(i) : not(truth(i));
    return {
      id: `r${i}`,
      time: at(i),
      version,
      label,
      score: label === "late" ? 0.8 : 0.3,
      latencyMs: version === "1" ? 10 : 40,
    };
  };

  beforeAll(async () => {
    model = await build("binary", ["2", "3", "old"]);
    // Of 300 requests the shadow got 200, half an hour later; the first is wrong in every fourth, the shadow in every tenth.
    const champion = Array.from({ length: 300 }, (_, i) => answer(i, "1", i % 4 !== 0));
    const shadow = Array.from({ length: 200 }, (_, i) => ({
      ...answer(i, "2", i % 10 !== 0),
      time: at(i + 1_800),
    }));
    const apart = Array.from({ length: 50 }, (_, i) => ({
      ...answer(i, "3", true),
      id: `other-${i}`,
    }));
    await insertPredictions(stores, model.key, champion.slice(150));
    await insertPredictions(stores, model.key, [...champion.slice(0, 150), ...shadow, ...apart]);
    // Sent again with another time: one request all the same, and the last received holds.
    await insertPredictions(stores, model.key, [
      { ...answer(0, "1", false), time: at(900), receivedAt: at(7_000) },
    ]);
    const labels = Array.from({ length: 180 }, (_, i) => ({
      id: `r${i}`,
      label: i === 1 ? not(truth(i)) : truth(i),
      time: at(4_000),
    }));
    await insertLabels(stores, model.key, labels);
    await insertLabels(stores, model.key, [{ id: "r1", label: truth(1), time: at(5_000) }]);
    await recompute(model.id);
  });

  const compare = (query: object = {}) =>
    getVersionComparison.call(call, { model: model.name, ...window, ...query });

  test("are found by the ids that they share, the one with more rows being the champion", async () => {
    const found = await compare();
    expect(found).toMatchObject({
      kind: "matched",
      task: "binary",
      champion: "1",
      challenger: "2",
      challengerRowCount: 200,
      versions: ["1", "2", "3"],
      candidates: [{ first: "1", second: "2", idCount: 200 }],
      pairs: { count: 200, labelledCount: 180, isSampled: false },
    });
  });

  test("are compared on those requests alone, each once, by the label that holds", async () => {
    const found = await compare();
    // Wrong by both: every twentieth. Of 180 labelled the champion is wrong in 45, the challenger in 18, both in 9.
    expect(found.metrics.find(({ metric }) => metric === "accuracy")).toMatchObject({
      test: "mcnemar",
      champion: 135 / 180,
      challenger: 162 / 180,
      difference: expect.closeTo(27 / 180, 12),
      championCount: 180,
      challengerCount: 180,
      verdict: "better",
    });
    expect(found.verdict).toMatchObject({ kind: "better", labelledCount: 180, worseBy: [] });
    expect(found.verdict.betterBy).toContain("accuracy");
    // Of 200, labelled or not: they differ where one alone is wrong, 40 and 10 times.
    expect(found.agreement).toMatchObject({ count: 200, agreedCount: 150, share: 0.75 });
    expect(found.differences).toMatchObject({ subject: "score", count: 200, sameCount: 150 });
  });

  test("exchanged, turn every difference around and find the contrary", async () => {
    const [there, back] = await Promise.all([
      compare(),
      compare({ champion: "2", challenger: "1" }),
    ]);
    expect(back.verdict).toMatchObject({ kind: "worse", worseBy: there.verdict.betterBy });
    back.metrics.forEach((metric, i) => {
      expect(metric.difference).toBeCloseTo(-(there.metrics[i]?.difference ?? 0), 12);
      expect(metric.pValue).toBeCloseTo(there.metrics[i]?.pValue ?? 0, 12);
    });
  });

  test("without a common id each is judged by its own rows, and that is said", async () => {
    const found = await compare({ champion: "1", challenger: "3" });
    expect(found).toMatchObject({ kind: "unmatched", pairs: null, agreement: null });
    // None of the third version's rows is labelled.
    expect(found).toMatchObject({ metrics: [], verdict: { kind: "no_labels", labelledCount: 0 } });
  });

  test("half a pair, or a version beside itself, is refused", async () => {
    await expect(compare({ champion: "1" })).rejects.toMatchObject({ code: "invalid_request" });
    await expect(compare({ challenger: "1" })).rejects.toThrow(/champion/);
    await expect(compare({ champion: "1", challenger: "1" })).rejects.toMatchObject({
      code: "invalid_request",
    });
  });

  test("are listed with all others that have rows, by their share", async () => {
    const found = await listVersions.call(call, { model: model.name, ...window });
    expect(found).toMatchObject({ task: "binary", silentCount: 1 });
    expect(found.versions.map(({ version, rowCount }) => [version, rowCount])).toEqual([
      ["1", 301],
      ["2", 200],
      ["3", 50],
    ]);
    const [champion, shadow, apart] = found.versions;
    expect(champion?.share).toBeCloseTo(301 / 551, 12);
    expect(champion?.shares.filter((share) => share !== null).length).toBeGreaterThan(0);
    expect(shadow?.detail).toMatchObject({
      drift: null,
      labelledCount: 180,
      coverage: 0.9,
      metrics: { accuracy: { value: 0.9, sampleCount: 180 } },
      estimates: {},
      estimatedFrom: null,
      latencyMs: { p50: 40, p95: 40, count: 200 },
    });
    expect(apart?.detail).toMatchObject({
      labelledCount: 0,
      metrics: { accuracy: { value: null, undefinedReason: "no_labels" } },
    });
    expect(found.versions.map(({ hasBaseline }) => hasBaseline)).toEqual([false, false, false]);
  });
});

test("two versions of a regression without common ids are compared by their own errors", async () => {
  const model = await build("regression", ["2"]);
  const rows = Array.from({ length: 400 }, (_, i) => ({
    id: `r${i}`,
    time: at(i),
    version: i % 2 === 0 ? "1" : "2",
    value: (i % 7) + (i % 2 === 0 ? 3 : 1) * ((i % 5) - 2),
  }));
  await insertPredictions(stores, model.key, rows);
  const labels = rows.map(({ id }, i) => ({ id, label: i % 7, time: at(4_000) }));
  await insertLabels(stores, model.key, labels);
  await recompute(model.id);
  const found = await getVersionComparison.call(call, { model: model.name, ...window });
  expect(found).toMatchObject({
    kind: "unmatched",
    champion: "1",
    challenger: "2",
    verdict: { kind: "better", labelledCount: 200, betterBy: ["mae", "rmse"] },
  });
  expect(found.metrics[0]).toMatchObject({
    metric: "mae",
    test: "unpaired",
    champion: expect.closeTo(3.6, 12),
    challenger: expect.closeTo(1.2, 12),
    championCount: 200,
  });
});

test("classes with probabilities are compared by accuracy and by what they gave the one that turned out", async () => {
  const model = await build("multiclass", ["2"]);
  const rows = ["1", "2"].flatMap((version) =>
    Array.from({ length: 60 }, (_, i) => ({
      id: `r${i}`,
      time: at(i),
      version,
      probabilities:
        version === "1" ? { a: 0.5, b: 0.25, c: 0.25 } : { a: 0.2, b: 0.5 + i / 1_000, c: 0.25 },
    })),
  );
  await insertPredictions(stores, model.key, rows);
  const labels = Array.from({ length: 60 }, (_, i) => ({
    id: `r${i}`,
    label: i % 3 === 0 ? "a" : "b",
    time: at(4_000),
  }));
  await insertLabels(stores, model.key, labels);
  await recompute(model.id);
  const found = await getVersionComparison.call(call, { model: model.name, ...window });
  expect(
    found.metrics.map(({ metric, champion, challenger }) => [metric, champion, challenger]),
  ).toEqual([
    ["accuracy", 20 / 60, 40 / 60],
    [
      "log_loss",
      expect.closeTo((20 * Math.log(2) + 40 * Math.log(4)) / 60, 12),
      expect.any(Number),
    ],
  ]);
});

describe("two versions that rank", () => {
  const perGroup = 4;
  /** The champion puts the wanted item last in every group, the challenger first in all but every fifth. */
  const place = (version: string, group: number, item: number) => {
    const isWanted = item === group % perGroup;
    if (!isWanted) return 2 + item;
    return version === "1" || group % 5 === 0 ? 9 : 1;
  };
  const rows = (version: string, from: number, until: number): TestPrediction[] =>
    Array.from({ length: until - from }, (_, g) => g + from).flatMap((group) =>
      Array.from({ length: perGroup }, (_, item) => ({
        id: `g${group}-${item}`,
        time: at(group + (version === "2" ? 1_800 : 0)),
        version,
        groupId: `g${group}`,
        ...(version === "1"
          ? { rank: place(version, group, item) }
          : { score: -place(version, group, item) }),
      })),
    );
  const labelOf = (group: number, item: number) => ({
    id: `g${group}-${item}`,
    label: item === group % perGroup ? "true" : "false",
    time: at(4_000),
  });
  const compare = (model: string) =>
    getVersionComparison.call(call, {
      model,
      ...window,
      champion: "1",
      challenger: "2",
    });

  test("are compared on the groups that both ranked and that are labelled to the last item", async () => {
    const model = await build("ranking", ["2"]);
    await insertPredictions(stores, model.key, [...rows("1", 0, 60), ...rows("2", 0, 50)]);
    // Of the last ten of the fifty one label is missing.
    const labels = Array.from({ length: 60 * perGroup }, (_, i) =>
      labelOf(Math.floor(i / perGroup), i % perGroup),
    ).filter(({ id }) => !/^g4\d-0$/.test(id));
    await insertLabels(stores, model.key, labels);
    await recompute(model.id);
    const found = await compare(model.name);
    expect(found).toMatchObject({
      kind: "matched",
      task: "ranking",
      pairs: { count: 50, labelledCount: 40, isSampled: false },
      agreement: null,
      differences: null,
      verdict: { kind: "better", labelledCount: 40, worseBy: [] },
    });
    const byName = new Map(found.metrics.map((one) => [one.metric, one]));
    expect([...byName.keys()]).toEqual(["ndcg@10", "map@10", "mrr@10", "hit_rate@10", "recall@10"]);
    // Last of four: 1 / log2(5). Of forty groups the challenger has eight so too, and is right in the others.
    const last = 1 / Math.log2(5);
    expect(byName.get("ndcg@10")).toMatchObject({
      test: "paired_t",
      champion: expect.closeTo(last, 12),
      challenger: expect.closeTo(0.8 + 0.2 * last, 12),
      championCount: 40,
      verdict: "better",
    });
    expect(byName.get("mrr@10")).toMatchObject({
      champion: 0.25,
      challenger: expect.closeTo(0.85, 12),
    });
    expect(byName.get("hit_rate@10")).toMatchObject({
      champion: 1,
      challenger: 1,
      verdict: "within_noise",
    });
  });

  test("without a common item are compared by their own groups", async () => {
    const model = await build("ranking", ["2"]);
    await insertPredictions(stores, model.key, [...rows("1", 0, 40), ...rows("2", 40, 80)]);
    const labels = Array.from({ length: 80 * perGroup }, (_, i) =>
      labelOf(Math.floor(i / perGroup), i % perGroup),
    );
    await insertLabels(stores, model.key, labels);
    await recompute(model.id);
    const found = await compare(model.name);
    expect(found).toMatchObject({
      kind: "unmatched",
      verdict: { kind: "better", labelledCount: 40 },
    });
    expect(found.metrics.find(({ metric }) => metric === "mrr@10")).toMatchObject({
      test: "unpaired",
      champion: 0.25,
      challenger: expect.closeTo(0.85, 12),
      championCount: 40,
    });
  });

  test("and share no group, or none that is labelled, say so", async () => {
    const model = await build("ranking", ["2"]);
    await insertPredictions(stores, model.key, [...rows("1", 0, 40), ...rows("2", 0, 40)]);
    await recompute(model.id);
    const found = await compare(model.name);
    expect(found).toMatchObject({
      kind: "matched",
      pairs: { count: 40, labelledCount: 0 },
      metrics: [],
      verdict: { kind: "no_labels" },
    });
  });
});

test("a model of one version, or of none, has nothing to compare", async () => {
  const model = await build("binary", ["2"]);
  const nothing = await getVersionComparison.call(call, { model: model.name, ...window });
  expect(nothing).toMatchObject({ kind: "none", champion: null, verdict: { kind: "no_labels" } });
  const empty = await listVersions.call(call, { model: model.name, ...window });
  expect(empty).toMatchObject({ versions: [], rowCount: 0, silentCount: 2, isWaiting: false });
  await markBuckets(
    stores.postgres.db,
    { aspect: "profile", ...model.key },
    "1h",
    [at(0).getTime()],
    now,
  );
  const waiting = await listVersions.call(call, { model: model.name, ...window });
  expect(waiting).toMatchObject({ versions: [], isWaiting: true });
  await insertPredictions(stores, model.key, [{ id: "a", time: at(0), version: "1", label: "x" }]);
  await recompute(model.id);
  const single = await getVersionComparison.call(call, { model: model.name, ...window });
  expect(single).toMatchObject({ kind: "none", versions: ["1"] });
});
