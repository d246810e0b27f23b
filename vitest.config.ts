import { fileURLToPath } from "node:url";
import { defineConfig } from "vitest/config";

const alias = {
  // Under plain Node the real package throws; its own empty module is what Next resolves on the server.
  "server-only": fileURLToPath(new URL("./node_modules/server-only/empty.js", import.meta.url)),
};
const exclude = ["node_modules/**", ".next/**", ".plumbline/**", "e2e/**", "scripts/fixtures/**"];

const mocked = ["lib/domain/zod-in-browser.test.ts"];
const elsewhere = ["**/*.{db,large}.test.ts", ...mocked];

export default defineConfig({
  test: {
    projects: [
      {
        resolve: { alias },
        test: {
          name: "unit",
          include: ["**/*.test.{ts,tsx}"],
          exclude: [...exclude, ...elsewhere, "sdk/typescript/test/**"],
          // One process a core loads the modules once, which was two thirds of the time. What replaces modules is among `mocked`.
          isolate: false,
          maxWorkers: 2,
          testTimeout: 20_000,
          hookTimeout: 60_000,
        },
      },
      {
        resolve: { alias },
        test: { name: "mocked", include: mocked, exclude, testTimeout: 20_000, maxWorkers: 2 },
      },
      {
        resolve: { alias },
        test: {
          name: "large",
          include: ["**/*.large.test.ts"],
          exclude,
          testTimeout: 300_000,
          maxWorkers: 1,
        },
      },
      {
        resolve: { alias },
        test: {
          name: "db",
          include: ["**/*.db.test.ts"],
          exclude,
          globalSetup: ["db/testing/global-setup.ts"],
          testTimeout: 300_000,
          hookTimeout: 300_000,
          maxWorkers: 2,
        },
      },
    ],
  },
});
