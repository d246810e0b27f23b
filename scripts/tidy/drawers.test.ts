import { expect, test } from "vitest";
import { checkDrawers } from "./drawers.ts";
import { buildHouse } from "./house.ts";

test.each([
  "lib/stats/psi.ts",
  "sdk/typescript/src/index.ts",
  "sdk/typescript/index.ts",
  "next-env.d.ts",
  "docs/index.md",
])("%s passes", (path) => {
  expect(checkDrawers(buildHouse({ [path]: "" }))).toEqual([]);
});

test.each([
  "lib/stats/utils.ts",
  "lib/utils/psi.ts",
  "db/testing/helpers.db.test.ts",
  "sdk/python/plumbline/common.py",
  "components/misc/box.tsx",
  "lib/domain/types.ts",
  "components/ui/index.ts",
  "sdk/typescript/src/http/index.ts",
])("%s is refused", (path) => {
  expect(checkDrawers(buildHouse({ [path]: "" }))).toMatchObject([{ path }]);
});
