import { z } from "zod";

export const grains = ["5m", "1h", "1d"] as const;
export const grainSchema = z.enum(grains);
export type Grain = z.infer<typeof grainSchema>;

const minuteMs = 60_000;

export const grainMs: Record<Grain, number> = {
  "5m": 5 * minuteMs,
  "1h": 60 * minuteMs,
  "1d": 24 * 60 * minuteMs,
};

/** The start of the bucket that holds `timeMs`; buckets are UTC. */
export function bucketStartMs(timeMs: number, grain: Grain): number {
  const size = grainMs[grain];
  return Math.floor(timeMs / size) * size;
}
