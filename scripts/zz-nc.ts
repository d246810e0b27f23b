import { NumberCounter, numberRunOf } from "/work/wt/rows/lib/stats/number-counter.ts";
import { histogramOf } from "/work/wt/rows/lib/stats/numeric-histogram.ts";
import { momentsOf } from "/work/wt/rows/lib/stats/moments.ts";
function normal() { return Math.sqrt(-2*Math.log(1-Math.random()))*Math.cos(6.283*Math.random()); }
const gens: Record<string, ()=>number> = { normal, lognormal: () => Math.exp(normal()), price: () => Math.round((2000+10*normal())*1e4)/1e4, int: () => Math.floor(Math.random()*1000), small: () => Math.floor(Math.random()*7), zeros: () => Math.max(0, normal()-0.25), cauchy: () => normal()/normal(), tiny: ()=>normal()*1e-300, mix: ()=> Math.random()<.5 ? normal()*1e-6 : 1e9+normal() };
for (const [name, g] of Object.entries(gens)) {
  const v = Float64Array.from({ length: 1_000_000 }, g);
  let best = 1e9; let c!: NumberCounter;
  const run = numberRunOf(v);
  for (let k = 0; k < 4; k++) { c = new NumberCounter(); const s = process.cpuUsage(); for (let at = 0; at < v.length; at += 65536) c.add(run, at, Math.min(v.length, at+65536)); { const d = process.cpuUsage(s); best = Math.min(best, (d.user+d.system)/1e3); }; }
  const s2 = performance.now(); const h = c.histogram(); const t2 = performance.now()-s2;
  const want = histogramOf(v); const m = c.moments(); const wm = momentsOf(v);
  const same = JSON.stringify(h) === JSON.stringify(want);
  console.log(name.padEnd(10), best.toFixed(1)+" ns/value", "result ms", t2.toFixed(2), "same", same, h.resolution, want.resolution, h.zeroFloor, want.zeroFloor, h.edges.length, want.edges.length, Math.abs(m.mean-wm.mean)/(Math.abs(wm.mean)+1e-300), Math.abs(m.m2-wm.m2)/(wm.m2+1e-300));
}
