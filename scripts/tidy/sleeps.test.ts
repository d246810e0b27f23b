import { expect, test } from "vitest";
import { buildHouse } from "./house.ts";
import { checkSleeps } from "./sleeps.ts";

test.each([
  "await page.waitForTimeout(500);",
  "await sleep(10);",
  "await new Promise((resolve) => setTimeout(resolve, 10));",
  'import { setTimeout } from "node:timers/promises";',
])("a test may not say %s", (text) => {
  expect(checkSleeps(buildHouse({ "e2e/drift.spec.ts": text }))).toHaveLength(1);
  expect(checkSleeps(buildHouse({ "jobs/a.db.test.ts": text }))).toHaveLength(1);
});

test("shipping code may wait, and tests may poll", () => {
  const house = buildHouse({
    "jobs/loop.ts": "await sleep(10);",
    "jobs/a.db.test.ts":
      "await expect.poll(() => rows()).toBe(1); vi.setConfig({ testTimeout: 1 });",
  });
  expect(checkSleeps(house)).toEqual([]);
});
