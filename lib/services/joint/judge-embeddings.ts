import { embeddingNames, sampledEmbeddings } from "#db/clickhouse/queries/sampled-rows.ts";
import { grainMs } from "#lib/domain/grain.ts";
import type { JointResult } from "#lib/domain/joint-result.ts";
import type { Vectors } from "#lib/stats/embeddings/embedding-drift.ts";
import { computeCentroidDistance, computeMmd } from "#lib/stats/embeddings/embedding-drift.ts";
import { seededRandom } from "#lib/stats/seeded-random.ts";
import type { ServiceContext } from "../context.ts";
import type { JointScope } from "./read-joint-columns.ts";

type EmbeddingResult = JointResult["embeddings"][number];

const referenceDays = 7;
const vectorCountMin = 100;
const significance = 0.05;
/** A distance between means, in units of the spread, that is nothing to talk about. */
const negligibleDistance = 0.05;
const mmdOptions = { permutationCount: 99, blockSize: 250 };

/** Each embedding of a day against the seven days before: a baseline holds none. */
export async function judgeEmbeddings(
  ctx: Pick<ServiceContext, "ch" | "signal">,
  scope: JointScope,
  { fromTime, untilTime }: { fromTime: Date; untilTime: Date },
  tick: () => Promise<void>,
): Promise<EmbeddingResult[]> {
  const { modelId, environment, version } = scope;
  const key = { modelId, environment, version };
  const before = new Date(fromTime.getTime() - referenceDays * grainMs["1d"]);
  const names = await ctx.ch.query(embeddingNames, { ...key, fromTime, untilTime }, ctx.signal);
  const results: EmbeddingResult[] = [];
  for (const { name } of names) {
    const read = async (from: Date, until: Date) => {
      const params = { ...key, name, fromTime: from, untilTime: until };
      const rows = await ctx.ch.query(sampledEmbeddings, params, ctx.signal);
      return rows.map(({ vector }) => vector);
    };
    const reference = await read(before, fromTime);
    const window = await read(fromTime, untilTime);
    results.push({ name, ...judge(reference, window) });
    await tick();
  }
  return results;
}

function judge(reference: Vectors, window: Vectors): Omit<EmbeddingResult, "name"> {
  const counts = { referenceCount: reference.length, windowCount: window.length };
  const none = { centroidDistance: null, cosineDistance: null, mmd: null, pValue: null };
  const fewer = Math.min(reference.length, window.length);
  if (fewer < vectorCountMin)
    return {
      ...counts,
      ...none,
      verdict: "cannot_say",
      reason: `${fewer} vectors on the smaller side, ${vectorCountMin} needed`,
    };
  const centroid = computeCentroidDistance(reference, window);
  const mmd = computeMmd(reference, window, { random: seededRandom(1), ...mmdOptions });
  if (centroid === null || mmd === null)
    return {
      ...counts,
      ...none,
      verdict: "cannot_say",
      reason: "its vectors have not all one length",
    };
  const figures = `MMD² ${mmd.value.toPrecision(2)} (p ${mmd.pValue.toFixed(2)})`;
  const distance = centroid.distance ?? 0;
  const isFound = mmd.pValue <= significance;
  // The means may stay where they are while the shape changes: that is drift too, if it is not a trace of it.
  const isLarge = distance > negligibleDistance + centroid.nullExpectation || mmd.value > 0.005;
  return {
    ...counts,
    centroidDistance: centroid.distance,
    cosineDistance: centroid.cosineDistance,
    mmd: mmd.value,
    pValue: mmd.pValue,
    verdict: isFound && isLarge ? "drift" : "no_drift",
    reason: isFound && !isLarge ? `real but negligible: ${figures}` : figures,
  };
}
