import { randomUUID } from "node:crypto";
import { copyFile, mkdtemp, readdir, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { afterEach, beforeEach, expect, inject, test } from "vitest";
import { featureProfileOf } from "#lib/stats/feature-profile.ts";
import type { ClickHouseClient } from "./client.ts";
import { createClickHouse } from "./client.ts";
import { allEdges } from "./fragments/all-edges.ts";
import { insertBucketProfiles } from "./inserts/profile-rows.ts";
import type { MigrationProgress } from "./migrate.ts";
import { migrateClickHouse } from "./migrate.ts";

const migrations = new URL("./migrations/", import.meta.url);
const moving = "0011_bucket_profiles.sql";
const dropping = "0012_profiles_by_feature.sql";

let url: string;
let database: string;
let client: ClickHouseClient;
let folder: string;

beforeEach(async () => {
  database = `migrated_${randomUUID().replaceAll("-", "")}`;
  const own = new URL(inject("clickhouseUrl"));
  own.pathname = `/${database}`;
  url = own.href;
  client = createClickHouse({ url, application: "plumbline-test" });
  folder = await mkdtemp(join(tmpdir(), "plumbline-migrations-"));
});
afterEach(async () => {
  await client.command({ query: `DROP DATABASE ${database}` });
  await client.close();
  await rm(folder, { recursive: true });
});

/** As a version of the product would that has no later ones. */
async function migrateBefore(name: string): Promise<void> {
  for (const file of (await readdir(migrations)).filter((one) => one < name))
    await copyFile(new URL(file, migrations), join(folder, file));
  await migrateClickHouse(url, { folder: pathToFileURL(`${folder}/`) });
}

async function rowsOf(query: string): Promise<Record<string, unknown>[]> {
  return (await client.query({ query, format: "JSONEachRow" })).json();
}

/** As a worker of before writes them: of two grains, three months and two features. */
const writeProfiles = (revision: number, features: readonly string[] = ["a", "b"]) =>
  client.command({
    query: `INSERT INTO profiles (workspace_id, model_id, environment, version, grain, subject, feature, bucket, row_count, numeric_count,
        minimum, maximum, resolution, bins, counts, value_names, value_counts, revision)
      SELECT '00000000-0000-4000-8000-000000000001', '00000000-0000-4000-8000-000000000002', 'production', '1', grain, 'feature', feature,
        toDateTime('2026-09-14 00:00:00', 'UTC') + number * 86400 * 7, 10 + ${revision}, 2, -1.5, 7, 5, [-1.5, 7], [1, 300], ['x'], [${revision}], ${revision}
      FROM numbers(12) ARRAY JOIN ['1h', '1d'] AS grain
      CROSS JOIN (SELECT arrayJoin([${features.map((name) => `'${name}'`).join(", ")}]) AS feature) AS named`,
  });

const held = (table: string) =>
  rowsOf(`SELECT * EXCEPT exact_edges, bin_base, first_place, bin_gap_bytes, count_bytes, value_count_bytes
    FROM ${table} FINAL ORDER BY grain, feature, bucket, revision`);

test("profiles of before are kept as they are, in the new order", async () => {
  await migrateBefore(moving);
  await writeProfiles(1);
  await writeProfiles(2, ["a"]);
  const before = await held("profiles");
  expect(before).toHaveLength(48);
  const later = (await readdir(migrations)).filter((file) => file > dropping).sort();
  expect(await migrateClickHouse(url)).toEqual([moving, dropping, ...later]);
  expect(await held("bucket_profiles")).toEqual(before);
  expect(await rowsOf("EXISTS TABLE profiles")).toEqual([{ result: 0 }]);
  expect(await migrateClickHouse(url)).toEqual([]);
  const misplaced = await rowsOf(`SELECT count() AS n FROM bucket_profiles
    WHERE period != intDiv(toUnixTimestamp(bucket), if(grain = '1h', 86400, 2592000))`);
  expect(misplaced).toEqual([{ n: 0 }]);
});

test("what a worker of before writes after the move is not lost", async () => {
  await migrateBefore(moving);
  await writeProfiles(1);
  await migrateBefore(dropping);
  await writeProfiles(2, ["b", "c"]);
  const before = await held("profiles");
  expect(before).toHaveLength(72);
  expect(await held("bucket_profiles")).toEqual(before);
});

test("a move that was cut off goes on where it was", async () => {
  await migrateBefore(moving);
  await writeProfiles(1);
  const before = await held("profiles");
  await migrateBefore(dropping);
  const moves = await rowsOf(
    "SELECT name FROM schema_migrations WHERE name LIKE '0011%' ORDER BY name",
  );
  const partitions = ["2-202609", "2-202610", "2-202611", "3-202609", "3-202610", "3-202611"];
  expect(moves.map(({ name }) => name)).toEqual([
    moving,
    ...partitions.map((partition) => `${moving} profiles ${partition}`),
  ]);
  await client.command({ query: "TRUNCATE TABLE bucket_profiles" });
  await client.command({
    query: `DELETE FROM schema_migrations WHERE name IN ('${moving}', '${moving} profiles 2-202610')`,
  });
  await migrateClickHouse(url);
  expect(await held("bucket_profiles")).toEqual(
    before.filter(({ grain, bucket }) => grain === "1h" && String(bucket).startsWith("2026-10")),
  );
});

test("two processes may migrate at once", async () => {
  await migrateBefore(moving);
  await writeProfiles(1);
  const before = await held("profiles");
  await Promise.all([migrateClickHouse(url), migrateClickHouse(url)]);
  expect(await held("bucket_profiles")).toEqual(before);
});

test("how far a move is is told before each partition, and nothing where nothing is moved", async () => {
  const told: MigrationProgress[] = [];
  const onProgress = (progress: MigrationProgress) => told.push(progress);
  await migrateBefore(moving);
  await writeProfiles(1);
  await migrateClickHouse(url, { onProgress });
  expect(told).toEqual(
    [0, 1, 2, 3, 4, 5].map((movedCount) => ({
      table: "profiles",
      movedCount,
      partitionCount: 6,
    })),
  );
  told.length = 0;
  await migrateClickHouse(url, { onProgress });
  expect(told).toEqual([]);
});

test("a store without profiles moves nothing", async () => {
  const told: MigrationProgress[] = [];
  await migrateClickHouse(url, { onProgress: (progress) => told.push(progress) });
  expect(told).toEqual([]);
});

test("edges are found wherever they were written: of before the move, meanwhile, and since", async () => {
  const place = {
    workspaceId: "00000000-0000-4000-8000-000000000001",
    modelId: "00000000-0000-4000-8000-000000000002",
    grain: "1h" as const,
    revision: 1,
  };
  const asBefore = (name: string) =>
    client.command({
      query: `INSERT INTO bucket_profiles (workspace_id, model_id, environment, version, grain, subject, feature, bucket, row_count, numeric_count,
          minimum, maximum, resolution, bins, counts, revision)
        SELECT '${place.workspaceId}', '${place.modelId}', 'production', '1', '1h', 'feature', concat('${name} ', toString(resolution)), now(), 3, 3,
          -1.5, 7, arrayJoin([5, 20, 21, 52]) AS resolution, [-1.5, 7], [1, 2], 1`,
    });
  await migrateBefore("0014_profile_lists.sql");
  await asBefore("before");
  await migrateClickHouse(url);
  await asBefore("meanwhile");
  const values = { ...featureProfileOf([-1.5, 7, 7]), edges: [-1.5, 7], counts: [1, 2] };
  await insertBucketProfiles(
    client,
    place,
    [5, 20, 21, 52].map((resolution) => ({
      environment: "production",
      version: "1",
      segmentKey: "",
      segmentValue: "",
      bucketSeconds: 1_800_000_000,
      subject: "feature" as const,
      feature: `since ${resolution}`,
      profile: { ...values, resolution },
      newestEventMs: 0,
      newestReceivedMs: 0,
      newestFeatureMs: 0,
    })),
  );
  const read = () =>
    rowsOf(
      `SELECT feature, ${allEdges} AS edges, exact_edges, bin_count AS n, empty(bin_gap_bytes) AS isBare FROM bucket_profiles FINAL ORDER BY feature`,
    );
  const expected = ["before", "meanwhile", "since"].flatMap((name) =>
    [20, 21, 5, 52].map((resolution) => ({
      feature: `${name} ${resolution}`,
      edges: [-1.5, 7],
      exact_edges: resolution > 20 ? [-1.5, 7] : [],
      n: 2,
      isBare: resolution > 20 ? 1 : 0,
    })),
  );
  expect(await read()).toEqual(expected);
  await client.command({ query: "OPTIMIZE TABLE bucket_profiles FINAL" });
  expect(await read()).toEqual(expected);
  const [held] = await rowsOf(
    "SELECT sum(length(bins)) AS n FROM bucket_profiles WHERE feature LIKE 'since %'",
  );
  expect(held).toEqual({ n: 4 });
});
