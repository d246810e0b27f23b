import { expect, test } from "vitest";
import { buildHouse } from "./house.ts";
import { checkUseClient } from "./use-client.ts";

const directive = '// why\n"use client";\n';

test.each(["components/drift/drift-page.tsx", "app/error.tsx", "app/(console)/global-error.tsx"])(
  "%s may run in the browser",
  (path) => {
    expect(checkUseClient(buildHouse({ [path]: directive }))).toEqual([]);
  },
);

test.each(["app/page.tsx", "lib/api/drift.ts", "app/errors.tsx"])("%s may not", (path) => {
  expect(checkUseClient(buildHouse({ [path]: directive }))).toMatchObject([{ path }]);
});

test("naming the directive is not using it", () => {
  expect(
    checkUseClient(buildHouse({ "lib/a.ts": 'const a = 1;\nconst b = "use client";' })),
  ).toEqual([]);
});
