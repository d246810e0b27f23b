import { expect, test } from "vitest";
import { buildHouse } from "./house.ts";
import { checkRegistries } from "./registries.ts";

const query = "export const featureHistogram = defineQuery({});";
const job = "export const pruneJob = defineJob({});";

test("a query and a job that their registries name pass", () => {
  const house = buildHouse({
    "db/clickhouse/queries/feature-histogram.ts": query,
    "db/clickhouse/queries/registry.ts":
      'import { featureHistogram } from "./feature-histogram.ts";',
    "jobs/prune.ts": job,
    "jobs/registry.ts": 'import { pruneJob } from "./prune.ts";',
    "jobs/define-job.ts": "export function defineJob() {}",
    "jobs/define-job.test.ts": "const sample = defineJob({});",
  });
  expect(checkRegistries(house)).toEqual([]);
});

test("one that is not named is found, with or without a registry", () => {
  const house = buildHouse({
    "db/clickhouse/queries/feature-histogram.ts": query,
    "jobs/prune.ts": job,
    "jobs/registry.ts": 'import { other } from "./prune-other.ts";',
  });
  expect(checkRegistries(house)).toEqual([
    {
      path: "db/clickhouse/queries/feature-histogram.ts",
      message: "add it to db/clickhouse/queries/registry.ts",
    },
    { path: "jobs/prune.ts", message: "add it to jobs/registry.ts" },
  ]);
});
