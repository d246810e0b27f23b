import { startProfileRig, buildBenchModel } from "./profile-rig.ts";
import { readFileSync } from "node:fs";
import { recomputeBuckets } from "#lib/services/profile/recompute-buckets.ts";
const src = readFileSync(new URL("./wide.ts", import.meta.url), "utf8");
const numericCount = 800, categoricalCount = 200;
const body = src.slice(src.indexOf("function featureColumns"), src.indexOf("async function run(")).replace(/: (number|string)/g, "");
const featureColumns = new Function("numericCount", "categoricalCount", body + "; return featureColumns;")(numericCount, categoricalCount);
const listed = [...Array.from({ length: 800 }, (_, i) => ({ name: `number_${i}`, type: "numeric" as const, value: "" })), ...Array.from({ length: 200 }, (_, i) => ({ name: `category_${i}`, type: "categorical" as const, value: "" }))];
const rig = await startProfileRig();
const fromTime = new Date("2026-11-20T00:00:00Z");
const untilTime = new Date("2026-11-20T01:00:00Z");
const modelId = await buildBenchModel(rig, "busy", listed);
const rows = 42_000;
for (let from = 0; from < rows; from += 2000) {
  await rig.stores.clickhouse.command({ query: `INSERT INTO predictions (workspace_id, model_id, environment, version, prediction_id, timestamp, sequence, prediction_kind, prediction_value, numeric_features, string_features)
   SELECT '${rig.workspaceId}', '${modelId}', 'production', '1', toString(number), fromUnixTimestamp64Milli(toInt64(${fromTime.getTime()} + number * 80), 'UTC') AS t, bitShiftLeft(toUInt64(${fromTime.getTime()} + number * 80), 22) + number, 'number', 1.5, ${featureColumns(7, 0)} FROM numbers(${from}, 2000) SETTINGS max_threads=1, max_block_size=500` });
}
console.log("inserted");
const W = `WHERE workspace_id = '${rig.workspaceId}' AND model_id = '${modelId}'`;
async function t(name: string, work: () => Promise<unknown>, n = 1) {
  let best = [1e9, 1e9, 1e9];
  for (let i = 0; i < n; i++) {
    const a = rig.engineCpuSeconds() ?? 0; const u = process.cpuUsage(); const s = performance.now();
    try { await work(); } catch (e) { console.log(name, String(e).slice(0, 600)); return; }
    const d = process.cpuUsage(u);
    const r = [(rig.engineCpuSeconds() ?? 0) - a, (d.user + d.system) / 1e6, (performance.now() - s) / 1000];
    if (r[0]! + r[1]! < best[0]! + best[1]!) best = r;
  }
  console.log(name.padEnd(60), best.map((x) => x.toFixed(2)).join("  engine/node/wall"));
}
for (const line of readFileSync("/tmp/p/queries.txt", "utf8").split("\n;\n")) {
  const [name, ...rest] = line.trim().split("\n");
  if (!name) continue;
  const sql = rest.join("\n").replaceAll("$W", W);
  await t(name, () => rig.stores.clickhouse.command({ query: sql }), 2);
}
if (process.argv[2] === "old") await t("recompute", () => recomputeBuckets(rig.stores, { workspaceId: rig.workspaceId, modelId, grain: "1h", fromTime, untilTime }));
await rig.stop();
