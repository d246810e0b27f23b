import { expect, test } from "vitest";

type Lock = { packages: Record<string, { version?: string; optional?: boolean; link?: boolean }> };
const { installGap }: { installGap: (lock: Lock, installed: Lock | null) => string | null } =
  await import(new URL("./pinned-node.mjs", import.meta.url).href);

const lock: Lock = {
  packages: {
    "": { version: "0.1.0" },
    "node_modules/zod": { version: "4.0.0" },
    "node_modules/other-platform": { version: "1.0.0", optional: true },
  },
};

test.each([
  ["nothing is installed", null, "nothing is installed yet"],
  ["a package is missing", { packages: {} }, "node_modules/zod is missing"],
  [
    "a package has another version",
    { packages: { "node_modules/zod": { version: "3.9.0" } } },
    "node_modules/zod is 3.9.0, not 4.0.0",
  ],
])("when %s, the packages are installed", (_, installed, reason) => {
  expect(installGap(lock, installed)).toBe(reason);
});

test("when all are there but for another platform's, nothing is installed again", () => {
  expect(installGap(lock, { packages: { "node_modules/zod": { version: "4.0.0" } } })).toBeNull();
});
