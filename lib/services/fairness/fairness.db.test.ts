import { eq } from "drizzle-orm";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { models } from "#db/postgres/schema/models.ts";
import { buildModel, buildWorkspace } from "#db/testing/build-workspace.ts";
import { insertLabels } from "#db/testing/insert-labels.ts";
import { insertPredictions } from "#db/testing/insert-predictions.ts";
import type { TestStores } from "#db/testing/open-stores.ts";
import { openStores } from "#db/testing/open-stores.ts";
import type { Task } from "#lib/domain/model.ts";
import type { CallContext } from "../context.ts";
import { recomputePerformance } from "../performance/recompute-performance.ts";
import { createSegmentKey } from "../segment/create-segment-key.ts";
import { getFairness } from "./get-fairness.ts";
import { updateAttribute } from "./update-attribute.ts";

let stores: TestStores;
let workspaceId: string;
let call: CallContext;

const fromTime = new Date("2026-11-20T10:00:00Z");
const untilTime = new Date("2026-11-20T12:00:00Z");
const now = new Date("2026-11-20T14:00:00Z");
const window = { from: fromTime.toISOString(), until: untilTime.toISOString() };
const at = (second: number) => new Date(fromTime.getTime() + second * 1_000);

beforeAll(async () => {
  stores = openStores();
  ({ id: workspaceId } = await buildWorkspace(stores.postgres));
  call = { ...stores, workspaceId, actor: { kind: "job", name: "test" }, now };
});
afterAll(() => stores.close());

async function build(task: Task) {
  const model = await buildModel(stores.postgres, workspaceId);
  await stores.postgres.db
    .update(models)
    .set({ task, taskProvenance: "confirmed" })
    .where(eq(models.id, model.id));
  await createSegmentKey.call(call, { model: model.name, segmentKey: "sex" });
  return { ...model, key: { workspaceId, modelId: model.id } };
}

const mark = (model: string, referenceValue: string | null = null, isSensitive = true) =>
  updateAttribute.call(call, { model, segmentKey: "sex", isSensitive, referenceValue });
const ask = (model: string, query: object = {}) =>
  getFairness.call(call, { model, ...window, ...query });

describe("of a model of two classes", () => {
  let model: Awaited<ReturnType<typeof build>>;

  beforeAll(async () => {
    model = await build("binary");
    // Of 200 men 120 are approved, of 200 women 60; of 10 others 9, and of 50 who state nothing all. Half of each turns out good.
    const groups = [
      { sex: "male", count: 200, approved: 120 },
      { sex: "female", count: 200, approved: 60 },
      { sex: "other", count: 10, approved: 9 },
      { sex: "", count: 50, approved: 50 },
    ];
    const rows = groups.flatMap(({ sex, count, approved }) =>
      Array.from({ length: count }, (_, i) => ({
        id: `${sex}-${i}`,
        // Over an hour's border: the two hours of a group add up.
        time: at((i * 7_000) / count),
        label: i < approved ? "yes" : "no",
        score: i < approved ? 0.9 : 0.1,
        ...(sex === "" ? {} : { tags: { sex } }),
      })),
    );
    await insertPredictions(stores, model.key, rows);
    const labels = rows.map(({ id }, i) => ({
      id,
      label: i % 2 === 0 ? "yes" : "no",
      time: at(7_100),
    }));
    await insertLabels(stores, model.key, labels);
    await recomputePerformance(stores, {
      workspaceId,
      modelId: model.id,
      fromTime,
      untilTime,
    });
  });

  test("nothing is judged before an attribute is marked", async () => {
    expect(await ask(model.name)).toMatchObject({
      state: "no_sensitive_attribute",
      attributes: [{ key: "sex", isSensitive: false, referenceValue: null }],
      groups: [],
    });
    await expect(ask(model.name, { attribute: "sex" })).rejects.toMatchObject({
      code: "not_found",
    });
  });

  test("groups are held against the most selected one that is large enough", async () => {
    await mark(model.name);
    const found = await ask(model.name);
    expect(found).toMatchObject({
      state: "judged",
      attribute: "sex",
      classes: { positive: "yes", negative: "no" },
      decisionSource: "model",
      reference: { value: "male", endsByHand: false },
      summary: { demographicParityDifference: 0.3, demographicParityRatio: 0.5 },
    });
    expect(
      found.groups.map(({ value, rowCount, isComparable }) => [value, rowCount, isComparable]),
    ).toEqual([
      ["female", 200, true],
      ["male", 200, true],
      ["", 50, false],
      ["other", 10, true],
    ]);
    const female = found.groups.find(({ value }) => value === "female");
    const [selection, truePositive] = female?.measures ?? [];
    expect(selection).toMatchObject({
      measure: "selection_rate",
      value: 0.3,
      count: 200,
      gap: { verdict: "gap", ratio: { value: 0.5 } },
    });
    expect(selection?.gap?.difference).toBeCloseTo(-0.3, 12);
    // Of the women who turn out good, half of the first sixty are approved.
    expect(truePositive).toMatchObject({ value: 30 / 100, count: 100, gap: { verdict: "gap" } });
    const other = found.groups.find(({ value }) => value === "other");
    expect(other?.measures[0]).toMatchObject({ value: 0.9, count: 10, gap: null });
  });

  test("a declared group is the reference instead, whatever its rate", async () => {
    await mark(model.name, "female");
    const found = await ask(model.name, { attribute: "sex" });
    expect(found.reference).toEqual({ value: "female", endsByHand: true });
    const male = found.groups.find(({ value }) => value === "male");
    expect(male?.measures[0]?.gap).toMatchObject({ verdict: "gap", ratio: { value: 2 } });
    await mark(model.name);
  });

  test("a key that is not declared, or a group that is many, is refused", async () => {
    const asked = { model: model.name, segmentKey: "age", isSensitive: true };
    await expect(updateAttribute.call(call, asked)).rejects.toMatchObject({ code: "not_found" });
    await expect(mark(model.name, "*other*")).rejects.toMatchObject({ code: "invalid_request" });
  });

  test("an attribute that is not sensitive any more has no reference", async () => {
    await mark(model.name, "male");
    expect(await mark(model.name, "male", false)).toEqual({
      key: "sex",
      isSensitive: false,
      referenceValue: null,
    });
    expect((await ask(model.name)).state).toBe("no_sensitive_attribute");
    await mark(model.name);
  });

  test("a window without rows is no fair one", async () => {
    const empty = { from: "2026-11-01T00:00:00Z", until: "2026-11-02T00:00:00Z" };
    expect((await ask(model.name, empty)).state).toBe("no_rows");
  });
});

test("scores alone are decided at a half", async () => {
  const model = await build("binary");
  await mark(model.name);
  const rows = Array.from({ length: 160 }, (_, i) => ({
    id: `r${i}`,
    time: at(i),
    score: [0.5, 0.7, 0.49, 0.7][i % 4] ?? 0,
    tags: { sex: i % 2 === 0 ? "female" : "male" },
  }));
  await insertPredictions(stores, model.key, rows);
  const labels = rows.map(({ id }, i) => ({ id, label: i % 3 === 0 ? 1 : 0, time: at(7_100) }));
  await insertLabels(stores, model.key, labels);
  await recomputePerformance(stores, { workspaceId, modelId: model.id, fromTime, untilTime });
  const found = await ask(model.name);
  expect(found).toMatchObject({ state: "judged", decisionSource: "score" });
  const rates = found.groups.map(({ value, measures }) => [value, measures[0]?.value]);
  expect(Object.fromEntries(rates)).toEqual({ female: 0.5, male: 1 });
});

test("a regression is judged by its errors, merged over hours and held against the largest group", async () => {
  const model = await build("regression");
  await mark(model.name);
  const errorOf = (i: number) => (i % 5) - 2 + (i % 3 === 0 ? 1.5 : 0);
  const rows = Array.from({ length: 300 }, (_, i) => ({
    id: `r${i}`,
    time: at(i * 23),
    value: 10 + errorOf(i),
    tags: { sex: i % 3 === 0 ? "female" : "male" },
  }));
  await insertPredictions(stores, model.key, rows);
  const labels = rows.map(({ id }) => ({ id, label: 10, time: at(7_100) }));
  await insertLabels(stores, model.key, labels);
  await recomputePerformance(stores, { workspaceId, modelId: model.id, fromTime, untilTime });
  const found = await ask(model.name);
  expect(found).toMatchObject({
    state: "judged",
    classes: null,
    summary: null,
    reference: { value: "male", endsByHand: false },
  });
  const [male, female] = found.groups;
  expect(male?.measures[0]).toMatchObject({ measure: "mean_error", count: 200, gap: null });
  expect(male?.measures[0]?.value).toBeCloseTo(0, 12);
  expect(female?.measures[0]?.value).toBeCloseTo(1.5, 12);
  expect(female?.measures[0]?.gap).toMatchObject({ verdict: "gap", ratio: null });
  expect(female?.measures[1]?.value).toBeCloseTo((0.5 + 0.5 + 1.5 + 2.5 + 3.5) / 5, 12);
});

test("many classes are said not to be judged", async () => {
  const model = await build("multiclass");
  await mark(model.name);
  expect((await ask(model.name)).state).toBe("not_for_task");
});
