import { z } from "zod";
import type { AlertMemory } from "#lib/rules/step-alert.ts";
import { calmMemory } from "#lib/rules/step-alert.ts";

const knownWindowSchema = z.object({
  fromMs: z.number(),
  untilMs: z.number(),
  revision: z.number(),
  result: z.object({
    kind: z.literal("value"),
    value: z.number(),
    lower: z.number().nullable(),
    upper: z.number().nullable(),
    sampleCount: z.number(),
    judged: z.enum(["fire", "clear", "between"]),
    fireThreshold: z.number().nullable(),
    clearThreshold: z.number().nullable(),
    sentence: z.string(),
  }),
});

const memorySchema = z.object({
  state: z.enum(["calm", "firing"]),
  known: z.array(knownWindowSchema),
  settledUntilMs: z.number().nullable(),
  firedAtMs: z.array(z.number()),
  unknown: z
    .object({
      sinceMs: z.number(),
      untilMs: z.number(),
      kind: z.enum(["no_data", "failed"]),
      reason: z.string(),
    })
    .nullable(),
});

/** What was stored of a series; calm where nothing was. */
export function parseMemory(stored: unknown): AlertMemory {
  return stored === undefined ? calmMemory : memorySchema.parse(stored);
}
