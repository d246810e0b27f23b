import { expect, test } from "vitest";
import { renderLiteralSql } from "./render-literal-sql.ts";

test("every parameter becomes the literal that the server would bind", () => {
  const sql =
    "SELECT {id: UUID}, {at: DateTime64(3)}, {n: UInt32} + 1 FROM t WHERE s = {name: String}";
  expect(
    renderLiteralSql(sql, {
      id: "00000000-0000-4000-8000-000000000001",
      at: new Date("2026-11-21T03:22:00.123Z"),
      n: 5,
      name: "it's \\ here",
    }),
  ).toBe(
    "SELECT toUUID('00000000-0000-4000-8000-000000000001'), toDateTime64('2026-11-21 03:22:00.123', 3, 'UTC'), 5 + 1 FROM t WHERE s = 'it\\'s \\\\ here'",
  );
});

test("a value that looks like a parameter is left as it is", () => {
  expect(renderLiteralSql("SELECT {a: String}", { a: "{b: String}", b: "x" })).toBe(
    "SELECT '{b: String}'",
  );
});

test("a parameter without a value is refused", () => {
  expect(() => renderLiteralSql("SELECT {a: String}", {})).toThrow("no literal for {a: String}");
});
