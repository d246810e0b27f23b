import {
  listEvaluatedWindows,
  listPerformanceResults,
} from "#db/postgres/queries/performance-result.ts";
import { performanceEvaluationsInput, performanceEvaluationsOutput } from "#lib/api/evaluation.ts";
import { AppError } from "#lib/domain/errors.ts";
import { grainMs } from "#lib/domain/grain.ts";
import { metricUndefinedReasonSchema } from "#lib/domain/performance.ts";
import { resolveTimeRange } from "#lib/domain/time-range.ts";
import { defineService } from "../define-service.ts";
import { resolveScope } from "../model/resolve-scope.ts";

const daysMax = 400;

/** The stored evaluations of a version's performance, day by day, oldest first. */
export const listPerformanceEvaluations = defineService({
  name: "listPerformanceEvaluations",
  role: "viewer",
  input: performanceEvaluationsInput,
  output: performanceEvaluationsOutput,
  writes: false,
  async run(ctx, input) {
    const { modelId, model, environment, version } = await resolveScope(ctx, input);
    const { from, until } = resolveTimeRange(input, ctx.now);
    if (until.getTime() - from.getTime() > daysMax * grainMs["1d"])
      throw new AppError(
        "limit_exceeded",
        `The window has more than ${daysMax} days; ask for a shorter one.`,
      );
    const scope = { modelId, environment, version, fromTime: from, untilTime: until };
    const [windows, results] = await Promise.all([
      listEvaluatedWindows(ctx, scope),
      listPerformanceResults(ctx, scope, input.metric),
    ]);
    const byWindow = Map.groupBy(results, (row) => row.fromTime.getTime());
    return {
      model,
      environment,
      version,
      evaluations: windows.map((window) => {
        const rows = byWindow.get(window.fromTime.getTime()) ?? [];
        const [first] = rows;
        return {
          from: window.fromTime.toISOString(),
          until: window.untilTime.toISOString(),
          evaluatedAt: window.evaluatedAt?.toISOString() ?? null,
          isDue: window.isDue,
          rowCount: first?.rowCount ?? null,
          labelledCount: first?.labelledCount ?? null,
          coverage:
            first === undefined || first.rowCount === 0
              ? null
              : first.labelledCount / first.rowCount,
          metrics: Object.fromEntries(rows.map((row) => [row.metric, toMetric(row)])),
        };
      }),
    };
  },
});

type Row = Awaited<ReturnType<typeof listPerformanceResults>>[number];

function toMetric({
  value,
  undefinedReason,
  lower,
  upper,
  sampleCount,
  revision,
  computedAt,
}: Row) {
  return {
    value,
    undefinedReason: metricUndefinedReasonSchema.nullable().parse(undefinedReason),
    lower,
    upper,
    sampleCount,
    revision,
    computedAt: computedAt.toISOString(),
  };
}
