import { existsSync, readFileSync, renameSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { z } from "zod";
import type { DelayModel } from "./delay-model.ts";

const modelSchema = z.object({
  bias: z.number(),
  hours: z.array(z.number()).length(24),
  origins: z.record(z.string(), z.number()),
  destinations: z.record(z.string(), z.number()),
  weekend: z.number(),
  distance: z.number(),
  inbound: z.number(),
  inboundMissing: z.number(),
  threshold: z.number(),
});

const stateSchema = z.object({
  shiftMs: z.int(),
  /** Everything of the record up to here, in real time, was logged and acknowledged. */
  sentUntilMs: z.int(),
  isBaselineSent: z.boolean(),
  /** Once: a key that somebody removes stays removed. */
  areSegmentsDeclared: z.boolean().default(false),
  /** Once, as well: a monitor that somebody deletes stays deleted. */
  isWatched: z.boolean().default(false),
  isSensitiveMarked: z.boolean().default(false),
  model: modelSchema.nullable(),
  shadow: z
    .object({
      version: z.string(),
      /** In real time: before it, the champion answered alone. */
      fromMs: z.int(),
      model: modelSchema,
    })
    .nullable()
    .default(null),
});
export type DemoState = z.infer<typeof stateSchema>;

export function readDemoState(folder: string): DemoState | null {
  const path = join(folder, "demo.json");
  return existsSync(path) ? stateSchema.parse(JSON.parse(readFileSync(path, "utf8"))) : null;
}

export function writeDemoState(folder: string, state: DemoState): void {
  const path = join(folder, "demo.json");
  writeFileSync(`${path}.draft`, JSON.stringify(state), { mode: 0o600 });
  renameSync(`${path}.draft`, path);
}

export function packModel(model: DelayModel): NonNullable<DemoState["model"]> {
  return {
    ...model,
    hours: [...model.hours],
    origins: Object.fromEntries(model.origins),
    destinations: Object.fromEntries(model.destinations),
  };
}

export function unpackModel(packed: NonNullable<DemoState["model"]>): DelayModel {
  return {
    ...packed,
    hours: Float64Array.from(packed.hours),
    origins: new Map(Object.entries(packed.origins)),
    destinations: new Map(Object.entries(packed.destinations)),
  };
}
