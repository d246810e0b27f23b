import { expect, test } from "vitest";
import { buildHouse } from "./house.ts";
import { checkServerOnly } from "./server-only.ts";

test("server-only stands in lib/runtime.ts and nowhere else", () => {
  const text = 'import "server-only";';
  expect(checkServerOnly(buildHouse({ "lib/runtime.ts": text }))).toEqual([]);
  expect(checkServerOnly(buildHouse({ "db/postgres/client.ts": text }))).toHaveLength(1);
});
