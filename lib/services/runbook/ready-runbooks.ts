import type { z } from "zod";
import type { attachRuleSchema } from "#lib/domain/runbook.ts";
import { badRelease } from "./ready/bad-release.ts";
import { calibrationDrift } from "./ready/calibration-drift.ts";
import { featureDrift } from "./ready/feature-drift.ts";
import { labelDrift } from "./ready/label-drift.ts";
import { latency } from "./ready/latency.ts";
import { missingFeatures } from "./ready/missing-features.ts";
import { performanceDrop } from "./ready/performance-drop.ts";
import { schemaChange } from "./ready/schema-change.ts";
import { staleFeatures } from "./ready/stale-features.ts";
import { trainingServingSkew } from "./ready/training-serving-skew.ts";
import { volumeDrop } from "./ready/volume-drop.ts";

export interface ReadyRunbook {
  /** By which a workspace that has it is known. */
  key: string;
  title: string;
  attach: z.input<typeof attachRuleSchema>;
  body: string;
}

/** What every workspace begins with, to be changed at will. */
export const readyRunbooks: readonly ReadyRunbook[] = [
  featureDrift,
  labelDrift,
  trainingServingSkew,
  staleFeatures,
  missingFeatures,
  schemaChange,
  volumeDrop,
  calibrationDrift,
  performanceDrop,
  latency,
  badRelease,
];
