import { randomUUID } from "node:crypto";
import { Readable } from "node:stream";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { scopeClickHouse } from "#db/clickhouse/define-query.ts";
import { baselineProfiles } from "#db/clickhouse/queries/baseline-profiles.ts";
import { buildWorkspace } from "#db/testing/build-workspace.ts";
import type { TestStores } from "#db/testing/open-stores.ts";
import { openStores } from "#db/testing/open-stores.ts";
import type { BaselineMapping } from "#lib/domain/baseline-mapping.ts";
import type { CallContext } from "../context.ts";
import { getModel } from "../model/get-model.ts";
import { sumAllProfiles } from "../profile/sum-profiles.ts";
import { activateBaseline } from "./activate-baseline.ts";
import { deleteBaseline } from "./delete-baseline.ts";
import { finishBaseline } from "./finish-baseline.ts";
import { importBaseline } from "./import-baseline.ts";
import { listBaselines } from "./list-baselines.ts";
import type { BaselineFormat } from "./stage-baseline.ts";

let stores: TestStores;
let call: CallContext;
const now = new Date("2026-11-20T12:00:00Z");

beforeAll(async () => {
  stores = openStores();
  const { id: workspaceId } = await buildWorkspace(stores.postgres);
  call = {
    ...stores,
    workspaceId,
    actor: { kind: "key", keyId: randomUUID(), scopes: ["ingest"] },
    now,
  };
});
afterAll(() => stores.close());

const send = (
  content: string | Buffer,
  format: BaselineFormat,
  mapping: BaselineMapping = {},
  model = `m-${randomUUID()}`,
) =>
  importBaseline(
    call,
    { model, version: "2", format, mapping, createdBy: "test" },
    Readable.from([Buffer.from(content)]),
  );

const storedRows = async (baselineId: string) => {
  const result = await stores.clickhouse.query({
    query: `SELECT row_number, prediction_kind, prediction_value, prediction_label, prediction_score, numeric_features, string_features,
      boolean_features, arraySort(null_features) AS null_features, label_value, label_class, toString(timestamp) AS time, prediction_id
      FROM baseline_rows WHERE workspace_id = {workspaceId: UUID} AND baseline_id = {baselineId: UUID} ORDER BY row_number`,
    query_params: { workspaceId: call.workspaceId, baselineId },
    format: "JSONEachRow",
  });
  return result.json<Record<string, unknown>>();
};

const csv = `distance,zip,city,is_weekend,delay,late,score,made
728,00728,ATL,true,12.5,1,0.9,2026-01-01T00:00:00Z
,02134,"New York, NY",false,-3,0,0.1,2026-01-01T00:05:00Z
1e3,94110,,TRUE,0,1,0.5,
`;

const mapping: BaselineMapping = {
  prediction: "delay",
  label: "late",
  score: "score",
  timestamp: "made",
  types: { late: "categorical" },
};

const expectedRows = [
  {
    row_number: 1,
    prediction_kind: "number",
    prediction_value: 12.5,
    prediction_label: "",
    prediction_score: 0.9,
    numeric_features: { distance: 728 },
    string_features: { zip: "00728", city: "ATL" },
    boolean_features: { is_weekend: true },
    null_features: [],
    label_value: null,
    label_class: "1",
    time: "2026-01-01 00:00:00.000",
    prediction_id: "",
  },
  {
    row_number: 2,
    prediction_kind: "number",
    prediction_value: -3,
    prediction_label: "",
    prediction_score: 0.1,
    numeric_features: {},
    string_features: { zip: "02134", city: "New York, NY" },
    boolean_features: { is_weekend: false },
    null_features: ["distance"],
    label_value: null,
    label_class: "0",
    time: "2026-01-01 00:05:00.000",
    prediction_id: "",
  },
  {
    row_number: 3,
    prediction_kind: "number",
    prediction_value: 0,
    prediction_label: "",
    prediction_score: 0.5,
    numeric_features: { distance: 1000 },
    string_features: { zip: "94110" },
    boolean_features: { is_weekend: true },
    null_features: ["city"],
    label_value: null,
    label_class: "1",
    time: null,
    prediction_id: "",
  },
];

describe("a baseline file", () => {
  test("in CSV is stored row by row; a zip code keeps its zeros", async () => {
    const { baselineId, rowCount } = await send(csv, "csv", mapping);
    expect(rowCount).toBe(3);
    expect(await storedRows(baselineId)).toEqual(expectedRows);
  });

  test("keeps the columns that are named as tags with its rows, and they are no features", async () => {
    const tagged: BaselineMapping = { prediction: "delay", tags: ["city", "zip"] };
    const { baselineId } = await send(csv, "csv", tagged);
    const found = await stores.clickhouse.query({
      query: `SELECT tags, arraySort(arrayConcat(mapKeys(numeric_features), mapKeys(string_features), mapKeys(boolean_features))) AS names
        FROM baseline_rows FINAL WHERE baseline_id = {baselineId: UUID} ORDER BY row_number`,
      query_params: { baselineId },
      format: "JSONEachRow",
    });
    expect(await found.json()).toEqual([
      {
        tags: { city: "ATL", zip: "00728" },
        names: ["distance", "is_weekend", "late", "made", "score"],
      },
      {
        tags: { city: "New York, NY", zip: "02134" },
        names: ["is_weekend", "late", "made", "score"],
      },
      { tags: { zip: "94110" }, names: ["distance", "is_weekend", "late", "score"] },
    ]);
  });

  test("in NDJSON is stored alike", async () => {
    const lines = [
      {
        distance: 728,
        zip: "00728",
        city: "ATL",
        is_weekend: true,
        delay: 12.5,
        late: 1,
        score: 0.9,
        made: "2026-01-01T00:00:00Z",
      },
      {
        distance: null,
        zip: "02134",
        city: "New York, NY",
        is_weekend: false,
        delay: -3,
        late: 0,
        score: 0.1,
        made: "2026-01-01T00:05:00Z",
      },
      { distance: 1e3, zip: "94110", city: null, is_weekend: true, delay: 0, late: 1, score: 0.5 },
    ];
    const { baselineId } = await send(
      `${lines.map((line) => JSON.stringify(line)).join("\n")}\n\n`,
      "ndjson",
      mapping,
    );
    expect(await storedRows(baselineId)).toEqual(expectedRows);
  });

  test("in Parquet is stored alike", async () => {
    const { baselineId } = await send(await toParquet(), "parquet", mapping);
    expect(await storedRows(baselineId)).toEqual(expectedRows);
  });

  test("keeps JSON values of several kinds as they came", async () => {
    const { baselineId } = await send('{"code": 7}\n{"code": "7"}\n{"code": false}\n', "ndjson");
    const rows = await storedRows(baselineId);
    expect(
      rows.map((row) => [row.numeric_features, row.string_features, row.boolean_features]),
    ).toEqual([
      [{ code: 7 }, {}, {}],
      [{}, { code: "7" }, {}],
      [{}, {}, { code: false }],
    ]);
  });

  test("registers the model and the types of its features", async () => {
    const model = `m-${randomUUID()}`;
    await send(csv, "csv", mapping, model);
    const { features } = await getModel.call(
      { ...call, actor: { kind: "job", name: "test" } },
      { model },
    );
    expect(features.map((feature) => [feature.name, feature.type])).toEqual([
      ["city", "categorical"],
      ["distance", "numeric"],
      ["is_weekend", "boolean"],
      ["zip", "categorical"],
    ]);
  });

  test("is profiled, becomes ready, and the first of its version becomes active", async () => {
    const model = `m-${randomUUID()}`;
    const first = await send(csv, "csv", mapping, model);
    const second = await send(csv, "csv", mapping, model);
    for (const { baselineId } of [first, second, first]) {
      await finishBaseline(stores, {
        workspaceId: call.workspaceId,
        baselineId,
        now: () => now,
        newId: randomUUID,
      });
    }
    const asEditor: CallContext = {
      ...call,
      actor: { kind: "user", userId: randomUUID(), role: "editor" },
    };
    const list = async () => (await listBaselines.call(asEditor, { model })).baselines;
    const stateOf = async (id: string) => (await list()).find((one) => one.id === id);
    expect(await stateOf(first.baselineId)).toMatchObject({
      state: "ready",
      isActive: true,
      rowCount: 3,
      sourceBytes: csv.length,
    });
    expect(await stateOf(second.baselineId)).toMatchObject({ state: "ready", isActive: false });
    const profiles = await sumAllProfiles(
      scopeClickHouse(stores.clickhouse, call.workspaceId).scan(baselineProfiles, {
        modelId: await modelIdOf(asEditor, model),
        baselineId: first.baselineId,
        subjects: ["feature", "row"],
      }),
    );
    expect(profiles.find((one) => one.feature === "distance")?.profile).toMatchObject({
      rowCount: 3,
      numericCount: 2,
      nullCount: 1,
      edges: [728, 1000],
    });
    await activateBaseline.call(asEditor, { model, baselineId: second.baselineId });
    expect((await stateOf(first.baselineId))?.isActive).toBe(false);
    await deleteBaseline.call(asEditor, { model, baselineId: first.baselineId });
    expect((await list()).map((one) => one.id)).toEqual([second.baselineId]);
    expect(await storedRows(first.baselineId)).toEqual([]);
    const stranger = await buildWorkspace(stores.postgres);
    await expect(
      activateBaseline.call(
        { ...asEditor, workspaceId: stranger.id },
        { model, baselineId: second.baselineId },
      ),
    ).rejects.toThrow("no model");
  });
});

const numbers = Array.from({ length: 100 }, (_, i) => (i === 41 ? "n.a." : String(i)));

describe("a file that cannot be taken is refused in words:", () => {
  test.each<[string, string | Buffer, BaselineFormat, BaselineMapping, string]>([
    ["nothing in it", "", "csv", {}, "The file is empty."],
    ["only a first line", "a,b\n", "csv", {}, "The file has no rows."],
    [
      "too few cells",
      "a,b\n1,x\n2\n3,y\n",
      "csv",
      {},
      "Row 2 cannot be read: it has fewer cells than the first line names columns.",
    ],
    [
      "too many cells",
      "a,b\n1,x\n2,y,z\n",
      "csv",
      {},
      "Row 2 cannot be read: it has more cells than the first line names columns.",
    ],
    ["a column twice", "a,b,a\n1,2,3\n", "csv", {}, 'The column "a" is there twice.'],
    ["a column without a name", "a,,c\n1,2,3\n", "csv", {}, "Column 2 has no name."],
    [
      "a word where a number is declared",
      "a\n1\nlots\n",
      "csv",
      { types: { a: "numeric" } },
      'Column "a", row 2 is "lots", not a number.',
    ],
    [
      "a word in a column of numbers",
      `a\n${numbers.join("\n")}\n`,
      "csv",
      {},
      'Column "a", row 42 is "n.a.", not a number, in a column of numbers.',
    ],
    [
      "a number where true or false is declared",
      "a\ntrue\n7\n",
      "csv",
      { types: { a: "boolean" } },
      'Column "a", row 2 is "7", not true or false.',
    ],
    [
      "a score that is no number",
      "a,s\n1,0.5\n2,high\n",
      "csv",
      { score: "s" },
      'Column "s", row 2 is "high", not a number.',
    ],
    [
      "a time that is none",
      "a,t\n1,2026-01-01\n2,soon\n",
      "csv",
      { timestamp: "t" },
      'Column "t", row 2 is "soon", not a time',
    ],
    [
      "a mapping to a column that is not there",
      "a,b\n1,2\n",
      "csv",
      { prediction: "y" },
      'The mapping\'s prediction names the column "y", which the file does not have. It has: a, b.',
    ],
    [
      "nothing left to compare",
      "a\n1\n",
      "csv",
      { ignore: ["a"] },
      "No column is left to be compared",
    ],
    ["a line that is not JSON", '{"a": 1}\n{"a": \n', "ndjson", {}, "Row 2 is not a JSON object"],
    ["a line that is a list", '{"a": 1}\n[1]\n', "ndjson", {}, "Row 2 is not a JSON object"],
    [
      "an object inside a row",
      '{"a": 1}\n{"a": {"b": 2}}\n',
      "ndjson",
      {},
      'Column "a", row 2 is a list or an object',
    ],
    ["CSV that says it is Parquet", "a,b\n1,2\n3,4\n", "parquet", {}, "The file is not Parquet"],
    [
      "a Parquet file that was cut",
      "PAR1 and then nothing PAR1",
      "parquet",
      {},
      "The file is not Parquet",
    ],
  ])("%s", async (_name, content, format, mapping_, message) => {
    const model = `m-${randomUUID()}`;
    await expect(send(content, format, mapping_, model)).rejects.toMatchObject({
      code: "invalid_request",
      message: expect.stringContaining(message),
    });
    const asViewer: CallContext = {
      ...call,
      actor: { kind: "user", userId: randomUUID(), role: "viewer" },
    };
    const failed = await listBaselines.call(asViewer, { model }).catch(() => ({ baselines: [] }));
    for (const baseline of failed.baselines)
      expect(baseline).toMatchObject({ state: "failed", error: expect.stringContaining(message) });
  });

  test("larger than what is taken", async () => {
    const upload = importBaseline(
      call,
      { model: "m", format: "csv", createdBy: "test" },
      Readable.from([]),
      3 * 1024 ** 3,
    );
    await expect(upload).rejects.toMatchObject({ code: "too_large" });
  });

  test("sent with a key that may only read", async () => {
    const reader: CallContext = {
      ...call,
      actor: { kind: "key", keyId: randomUUID(), scopes: ["read"] },
    };
    await expect(
      importBaseline(reader, { model: "m", format: "csv" }, Readable.from([Buffer.from(csv)])),
    ).rejects.toMatchObject({ code: "forbidden" });
  });
});

async function modelIdOf(context: CallContext, model: string): Promise<string> {
  return (await getModel.call(context, { model })).id;
}

/** The engine itself writes the file. */
async function toParquet(): Promise<Buffer> {
  const { stream } = await stores.clickhouse.exec({
    query: `SELECT * FROM values('distance Nullable(Int64), zip String, city Nullable(String), is_weekend Bool, delay Float64, late Int8, score Float64, made Nullable(DateTime64(3, \\'UTC\\'))',
      (728, '00728', 'ATL', true, 12.5, 1, 0.9, '2026-01-01 00:00:00'), (NULL, '02134', 'New York, NY', false, -3, 0, 0.1, '2026-01-01 00:05:00'),
      (1000, '94110', NULL, true, 0, 1, 0.5, NULL)) FORMAT Parquet`,
  });
  const chunks: Buffer[] = [];
  for await (const chunk of stream) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks);
}
