import { findActiveBaseline, findBaselineRow } from "#db/postgres/queries/baseline.ts";
import { findModelName } from "#db/postgres/queries/model.ts";
import { evidenceInput, reproductionOutput } from "#lib/api/incident.ts";
import { AppError } from "#lib/domain/errors.ts";
import type { FrozenEvidence } from "#lib/domain/evidence.ts";
import { seriesKeyOf } from "#lib/domain/monitor.ts";
import type { MonitorQuestion } from "#lib/domain/monitor-definition.ts";
import { monitorQuestionSchema } from "#lib/domain/monitor-definition.ts";
import type { Reproduction } from "#lib/rules/judge-reproduction.ts";
import { cannotReproduce, judgeReproduction } from "#lib/rules/judge-reproduction.ts";
import type { ServiceContext } from "../context.ts";
import { defineService } from "../define-service.ts";
import { readMonitorWindow } from "../monitor/read-monitor-windows.ts";
import { readEvidence } from "./read-evidence.ts";

/** Asks what was asked then once more: over the same window, against the same reference, of what is stored now. */
export const reproduceEvidence = defineService({
  name: "reproduceEvidence",
  role: "viewer",
  input: evidenceInput,
  output: reproductionOutput,
  writes: false,
  async run(ctx, input) {
    const { evidence } = await readEvidence(ctx, input);
    const found = await reproduce(ctx, evidence);
    return {
      ...found,
      frozenValue: evidence.value,
      frozenSampleCount: evidence.window.sampleCount,
      checkedAt: ctx.now.toISOString(),
    };
  },
});

async function reproduce(ctx: ServiceContext, evidence: FrozenEvidence): Promise<Reproduction> {
  const question = questionOf(evidence);
  if (question === null)
    return cannotReproduce(
      evidence.monitor.kind === "slo"
        ? "it is of an objective, whose slices are counted anew as labels come"
        : "its question is one that can't be asked any more",
    );
  const lack = await findLack(ctx, evidence, question);
  if (lack !== null) return cannotReproduce(lack);
  const { series, window } = evidence;
  try {
    const outcomes = await readMonitorWindow(
      ctx,
      { modelId: evidence.model.id, question, now: ctx.now },
      { fromTime: new Date(window.from), untilTime: new Date(window.until) },
    );
    const outcome = outcomes.find((one) => seriesKeyOf(one.series) === seriesKeyOf(series));
    if (outcome === undefined)
      return cannotReproduce("no row of that feature, version or segment is stored any more");
    const { result } = outcome;
    if (result.kind !== "value") return cannotReproduce(result.reason);
    return judgeReproduction(
      { value: evidence.value, sampleCount: window.sampleCount },
      { value: result.value, sampleCount: Math.round(result.sampleCount) },
    );
  } catch (error) {
    // What can't be asked any more, such as of a segment key that is not declared, is an answer; a store that is away is none.
    if (error instanceof AppError && error.code !== "unavailable")
      return cannotReproduce(error.message);
    throw error;
  }
}

/** The question as it was; the threshold takes no part in the value, and a learned one would only ask for more history. */
function questionOf({ monitor, series }: FrozenEvidence): MonitorQuestion | null {
  const { fireCount = 1, windowCount = 1, clearCount = 1, ...definition } = monitor.settings;
  const isLearned =
    typeof definition.threshold === "object" &&
    definition.threshold !== null &&
    "kind" in definition.threshold &&
    definition.threshold.kind === "learned";
  const parsed = monitorQuestionSchema.safeParse({
    kind: monitor.kind,
    environment: series.environment,
    version: series.version === "" ? null : series.version,
    definition: isLearned ? { ...definition, threshold: anyThreshold } : definition,
    fireCount,
    windowCount,
    clearCount,
  });
  return parsed.success ? parsed.data : null;
}

const anyThreshold = { kind: "fixed", direction: "above", fire: 0, clear: 0 } as const;

/** Why it can't be the same question any more. */
async function findLack(
  ctx: ServiceContext,
  { model, reference, series }: FrozenEvidence,
  { definition }: MonitorQuestion,
): Promise<string | null> {
  if ((await findModelName(ctx, model.id)) === null) return "the model is gone";
  const baselineId = reference?.baselineId ?? null;
  if (baselineId === null || definition.reference !== "baseline") return null;
  if ((await findBaselineRow(ctx, baselineId)) === null)
    return `it was compared with ${reference?.label ?? "a baseline"}, which is deleted`;
  const active = await findActiveBaseline(ctx, model.id, series.version);
  return active?.id === baselineId
    ? null
    : `it was compared with ${reference?.label ?? "a baseline"}, and another baseline is active now`;
}
