import { startProfileRig, buildBenchModel, generateRows, mixedFeatures } from "../bench/profile-rig.ts";
import { recomputeBuckets } from "#lib/services/profile/recompute-buckets.ts";
import { Session } from "node:inspector/promises";
import { writeFileSync } from "node:fs";
const rig = await startProfileRig();
const fromTime = new Date("2026-11-20T00:00:00Z"), untilTime = new Date("2026-11-20T01:00:00Z");
const modelId = await buildBenchModel(rig, "busy", mixedFeatures);
await generateRows(rig, { modelId, listed: mixedFeatures, rowCount: 1_000_000, fromTime, untilTime });
const go = () => recomputeBuckets(rig.stores, { workspaceId: rig.workspaceId, modelId, grain: "5m", fromTime, untilTime });
await go();
const s = new Session(); s.connect(); await s.post("Profiler.enable"); await s.post("Profiler.setSamplingInterval", { interval: 500 }); await s.post("Profiler.start");
for (let i = 0; i < 2; i++) { const a = rig.engineCpuSeconds() ?? 0; const u = process.cpuUsage(); const w = performance.now(); await go(); const d = process.cpuUsage(u); console.log("engine", (rig.engineCpuSeconds() ?? 0) - a, "own", (d.user + d.system) / 1e6, "wall", performance.now() - w); }
const { profile } = await s.post("Profiler.stop");
const self = new Map<string, number>(); const dt = profile.timeDeltas!; const byId = new Map(profile.nodes.map((n) => [n.id, n]));
profile.samples!.forEach((id, i) => { const n = byId.get(id)!; const k = `${n.callFrame.functionName} ${n.callFrame.url.split("/").slice(-2).join("/")}:${n.callFrame.lineNumber}`; self.set(k, (self.get(k) ?? 0) + dt[i]!); });
for (const [k, v] of [...self].sort((a, b) => b[1] - a[1]).slice(0, 25)) console.log((v / 2e3).toFixed(0).padStart(6), "ms", k);
await rig.stop();
