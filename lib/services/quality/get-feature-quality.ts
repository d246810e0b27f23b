import { featureQualityInput, featureQualityOutput } from "#lib/api/quality.ts";
import { AppError } from "#lib/domain/errors.ts";
import { shareInterval } from "#lib/stats/share-interval.ts";
import { defineService } from "../define-service.ts";
import { resolveScope } from "../model/resolve-scope.ts";
import { keyName } from "../profile/sum-profiles.ts";
import { chooseQualityColumns } from "./choose-quality-columns.ts";
import { readQualityColumns } from "./read-columns.ts";
import { readQuality } from "./read-quality.ts";
import { toFailed, toFeatureQuality, withhold } from "./to-quality.ts";

/** One feature: its checks with their figures, and each over time. The verdict is that of the whole family. */
export const getFeatureQuality = defineService({
  name: "getFeatureQuality",
  role: "viewer",
  input: featureQualityInput,
  output: featureQualityOutput,
  writes: false,
  async run(ctx, input) {
    const scope = await resolveScope(ctx, input);
    const read = await readQuality(ctx, scope, input);
    const columns = chooseQualityColumns(scope.window, ctx.now, read.keys.length);
    const shared = {
      model: scope.model,
      environment: scope.environment,
      version: scope.version,
      from: scope.window.fromTime.toISOString(),
      until: scope.window.untilTime.toISOString(),
      reference: read.reference,
      bucketMs: columns.bucketMs,
    };
    const name = keyName(input);
    const failed = read.failed.find((key) => keyName(key) === name);
    if (failed !== undefined) return { ...shared, quality: toFailed(failed), series: [] };
    const at = read.keys.findIndex((key) => keyName(key) === name);
    const key = read.keys[at];
    if (key === undefined)
      throw new AppError(
        "not_found",
        `"${input.feature}" has no values in this window, nor in the baseline.`,
      );
    // All keys: a column's verdict is that of its family, as on the page of all features.
    const cells = (await readQualityColumns(ctx, scope, read.keys, columns))[at] ?? [];
    const waitingReason = read.waiting.reason;
    const found = toFeatureQuality(key, { starts: columns, cells });
    const quality = waitingReason === null ? found : withhold(found, waitingReason);
    return {
      ...shared,
      quality,
      series: key.quality.checks
        .filter(
          (check) =>
            check.window.count > 0 &&
            (check.check !== "constant" ||
              check.outcome === "problem" ||
              quality.recent?.check === "constant"),
        )
        .map((check) => ({
          check: check.check,
          baselineShare:
            check.baseline === null || check.baseline.total === 0
              ? null
              : check.baseline.count / check.baseline.total,
          points: columns.starts.map((start, i) => {
            const cell = cells[i];
            const found = cell?.quality?.checks.find((each) => each.check === check.check);
            const interval =
              found === undefined
                ? null
                : shareInterval({ count: found.window.count, total: found.window.total });
            return {
              from: start.toISOString(),
              count: found?.window.count ?? 0,
              rowCount: found?.window.total ?? cell?.rowCount ?? 0,
              share:
                interval === null || found === undefined
                  ? null
                  : found.window.count / found.window.total,
              lower: interval?.lower ?? null,
              upper: interval?.upper ?? null,
              outcome: waitingReason === null && found !== undefined ? found.outcome : "cannot_say",
            };
          }),
        })),
    };
  },
});
