import { createClickHouse } from "#db/clickhouse/client.ts";
import { createPostgres } from "#db/postgres/client.ts";
import { testSealer } from "../../destination/testing/build-destination.ts";
import { advanceRuns } from "../advance-runs.ts";

/** A worker that advances what is due of a workspace, for a test that kills it. It says each step of sending and, at the one that is named,
 *  stays until it is killed. */
const [url = "", clickhouseUrl = "", workspaceId = "", now = "", until = ""] =
  process.argv.slice(2);

const forEver = new Int32Array(new SharedArrayBuffer(4));

await advanceRuns({
  postgres: createPostgres({ url, application: "plumbline-send-child" }),
  clickhouse: createClickHouse({ url: clickhouseUrl, application: "plumbline-send-child" }),
  sealer: testSealer,
  guard: { allowedHosts: ["127.0.0.1"] },
  now: () => new Date(now),
  newId: () => "",
  workspaceId,
  onStep(step) {
    process.stdout.write(`${step}\n`);
    // Whoever kills it waits for the word; nothing goes on meanwhile.
    if (step === until) Atomics.wait(forEver, 0, 0);
  },
});
process.stdout.write("done\n");
setInterval(() => {}, 60_000);
