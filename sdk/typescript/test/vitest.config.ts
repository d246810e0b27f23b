import { fileURLToPath } from "node:url";
import { defineConfig } from "vitest/config";

export default defineConfig({
  test: {
    name: "sdk-typescript-against-ingest",
    root: fileURLToPath(new URL(".", import.meta.url)),
    include: ["against-ingest.test.ts"],
    testTimeout: 60_000,
  },
});
