import { createReadStream } from "node:fs";
import { join } from "node:path";
import type { ClickHouseClient } from "#db/clickhouse/client.ts";
import { createClickHouse } from "#db/clickhouse/client.ts";
import type { Flight } from "./flight.ts";

const file = "node_modules/vega-datasets/data/flights-3m.parquet";

/** The record of flights, kept in ClickHouse in order of departure, so that any hour of it is a short read. */
export class FlightStore {
  readonly #client: ClickHouseClient;

  constructor(clickhouseUrl: string) {
    this.#client = createClickHouse({ url: clickhouseUrl, application: "plumbline-demo" });
  }

  async load(root: string): Promise<void> {
    await this.#client.command({
      query: `CREATE TABLE IF NOT EXISTS demo_flights (
                date DateTime64(3, 'UTC'), delay Int32, distance Int32,
                origin LowCardinality(String), destination LowCardinality(String)
              ) ENGINE = MergeTree ORDER BY (date, origin, destination, distance, delay)`,
    });
    if ((await this.count()) > 0) return;
    await this.#client.insert({
      table: "demo_flights",
      values: createReadStream(join(root, file)),
      format: "Parquet",
    });
  }

  async count(): Promise<number> {
    const result = await this.#client.query({
      query: "SELECT count() AS n FROM demo_flights",
      format: "JSONEachRow",
    });
    const rows = await result.json<{ n: number }>();
    return rows[0]?.n ?? 0;
  }

  /** The flights that departed in [fromMs, untilMs) of the record, in order, and how many departed before them. */
  async between(
    fromMs: number,
    untilMs: number,
  ): Promise<{ flights: Flight[]; firstOrdinal: number }> {
    const result = await this.#client.query({
      query: `SELECT toUnixTimestamp64Milli(date), delay, distance, origin, destination FROM demo_flights
              WHERE date >= fromUnixTimestamp64Milli({from: Int64}) AND date < fromUnixTimestamp64Milli({until: Int64})
              ORDER BY date, origin, destination, distance, delay`,
      query_params: { from: fromMs, until: untilMs },
      format: "JSONCompactEachRow",
    });
    const rows = await result.json<[number, number, number, string, string]>();
    const before = await this.#client.query({
      query:
        "SELECT count() AS n FROM demo_flights WHERE date < fromUnixTimestamp64Milli({from: Int64})",
      query_params: { from: fromMs },
      format: "JSONEachRow",
    });
    const [first] = await before.json<{ n: number }>();
    return {
      firstOrdinal: first?.n ?? 0,
      flights: rows.map(([departedMs, delayMinutes, distanceMiles, origin, destination]) => ({
        departedMs,
        delayMinutes,
        distanceMiles,
        origin,
        destination,
      })),
    };
  }

  close(): Promise<void> {
    return this.#client.close();
  }
}
