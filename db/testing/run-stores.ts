import { startStores } from "#db/embedded/start-stores.ts";

// A parent to be killed by a test: starts both stores on the folder it is given, says where they are, and stays.
const dataDir = process.argv[2];
if (dataDir === undefined) throw new Error("Which folder?");
const stores = await startStores({ dataDir });
process.stdout.write(
  `${JSON.stringify({
    databaseUrl: stores.databaseUrl,
    clickhouseUrl: stores.clickhouseUrl,
    pids: [stores.postgres?.pid(), stores.clickhouse?.pid()],
  })}\n`,
);
