import { describe, expect, test } from "vitest";
import { z } from "zod";
import { columnScans } from "./counted-rows.ts";
import { queries } from "./registry.ts";

const tables =
  "predictions|labels|embeddings|offline_features|rejections|bucket_profiles|performance_profiles|estimate_profiles|skew_profiles|baseline_rows|baseline_profiles|evaluations";

/** Some value of every kind of parameter; `isNull` takes null wherever it may, since null chooses other fragments. */
function sampleOf(schema: z.core.$ZodType, isNull: boolean): unknown {
  if (schema instanceof z.ZodNullable || schema instanceof z.ZodOptional) {
    return isNull ? null : sampleOf(schema.unwrap(), isNull);
  }
  if (schema instanceof z.ZodDefault) return sampleOf(schema.unwrap(), isNull);
  if (schema instanceof z.ZodUUID) return "00000000-0000-4000-8000-000000000001";
  if (schema instanceof z.ZodString) return "x";
  if (schema instanceof z.ZodDate) return new Date("2026-01-01T00:00:00.000Z");
  if (schema instanceof z.ZodBigInt) return 1n;
  if (schema instanceof z.ZodNumber) return 1;
  if (schema instanceof z.ZodBoolean) return !isNull;
  if (schema instanceof z.ZodEnum) return schema.options[0];
  if (schema instanceof z.ZodLiteral) return schema.value;
  if (schema instanceof z.ZodArray) return [sampleOf(schema.element, isNull)];
  if (schema instanceof z.ZodRecord) return {};
  if (schema instanceof z.ZodUnion) {
    const [first] = schema.options;
    return first === undefined ? null : sampleOf(first, isNull);
  }
  if (schema instanceof z.ZodObject) {
    const entries = Object.entries(schema.shape);
    return Object.fromEntries(
      entries.map(([name, field]) => [name, sampleOf(field as z.core.$ZodType, isNull)]),
    );
  }
  throw new Error(`No sample for a parameter of the kind ${schema._zod.def.type}.`);
}

describe.each(queries)("$name", (query) => {
  test.each([false, true])("is bounded (nulls: %s)", (isNull) => {
    const params = query.params.parse(sampleOf(query.params, isNull));
    // Safe: each query's own schema has just made its parameters.
    const sql = (query.sql as (params: unknown) => string)(params);
    expect(sql).toContain("LIMIT {rowsMax: UInt32} + 1");
  });
});

describe.each([...queries, ...columnScans])("$name", (query) => {
  test.each([false, true])("is scoped (nulls: %s)", (isNull) => {
    const params = query.params.parse(sampleOf(query.params, isNull));
    // Safe: as above.
    const sql = (query.sql as (params: unknown) => string)(params);
    const readCount = [...sql.matchAll(new RegExp(`\\bFROM (${tables})\\b`, "g"))].length;
    const scopeCount = sql.split("workspace_id = {workspaceId: UUID}").length - 1;
    expect(readCount).toBeGreaterThan(0);
    expect(scopeCount).toBeGreaterThanOrEqual(readCount);
  });

  test.each([false, true])("asks profiles of a time by their periods (nulls: %s)", (isNull) => {
    const params = query.params.parse(sampleOf(query.params, isNull));
    // Safe: as above.
    const sql = (query.sql as (params: unknown) => string)(params);
    const isOfTime = sql.includes("FROM bucket_profiles") && /\bbucket (>=|<|IN)/.test(sql);
    if (isOfTime) expect(sql).toMatch(/\bperiod (>=|IN)/);
  });

  test("binds what it is given and splices nothing", () => {
    const params = query.params.parse(sampleOf(query.params, false));
    // Safe: as above.
    const sql = (query.sql as (params: unknown) => string)(params);
    expect(sql).not.toContain("00000000-0000-4000-8000-000000000001");
    expect(sql).not.toContain("2026-01-01");
  });
});

test("no two have one name", () => {
  const names = [...queries, ...columnScans].map((query) => query.name);
  expect(new Set(names).size).toBe(names.length);
});
