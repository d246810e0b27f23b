import { z } from "zod";
import type { Grain } from "#lib/domain/grain.ts";
import { grainMs, grains } from "#lib/domain/grain.ts";
import type { ClickHouseClient } from "./client.ts";

const profileTables = ["bucket_profiles", "performance_profiles", "skew_profiles"] as const;

const partitionRow = z.object({
  table: z.enum(profileTables),
  partition: z.string(),
});

/** Months of profiles of which every bucket is older than its grain is kept, for every workspace alike: what is dropped is
 *  whole partitions, and costs nothing. Null keeps a grain for ever. Answers the partitions. */
export async function dropExpiredProfiles(
  client: ClickHouseClient,
  keptDays: Record<Grain, number | null>,
  now: Date,
): Promise<string[]> {
  const result = await client.query({
    query: `SELECT DISTINCT table, partition FROM system.parts
      WHERE active AND database = currentDatabase() AND table IN (${profileTables.map((table) => `'${table}'`).join(", ")}) LIMIT 10000`,
    format: "JSONEachRow",
  });
  const partitions = z.array(partitionRow).parse(await result.json());
  const expired = partitions.filter(({ partition }) => isExpired(partition, keptDays, now));
  for (const { table, partition } of expired)
    await client.command({ query: `ALTER TABLE ${table} DROP PARTITION ${partition}` });
  return expired.map(({ table, partition }) =>
    table === "bucket_profiles" ? partition : `${table} ${partition}`,
  );
}

/** A partition reads `(1,202611)`: the number of the grain, from 1, and the month. */
function isExpired(partition: string, keptDays: Record<Grain, number | null>, now: Date): boolean {
  const match = /^\((\d),(\d{4})(\d{2})\)$/.exec(partition);
  const grain = grains[Number(match?.[1]) - 1];
  const days = grain === undefined ? null : keptDays[grain];
  if (match === null || days === null) return false;
  const monthEndMs = Date.UTC(Number(match[2]), Number(match[3]), 1);
  return monthEndMs < now.getTime() - days * grainMs["1d"];
}
