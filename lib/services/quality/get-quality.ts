import { listFeatureRows } from "#db/postgres/queries/model.ts";
import { qualityInput, qualityOutput } from "#lib/api/quality.ts";
import type { QualityVerdict } from "#lib/domain/quality.ts";
import { FALSE_DISCOVERY_RATE } from "#lib/stats/false-discovery.ts";
import { defineService } from "../define-service.ts";
import { explainLack } from "../drift/explain-lack.ts";
import { resolveScope } from "../model/resolve-scope.ts";
import { chooseQualityColumns } from "./choose-quality-columns.ts";
import { listChanges } from "./list-changes.ts";
import { readQualityColumns } from "./read-columns.ts";
import { readQuality } from "./read-quality.ts";
import { compareQuality, toFailed, toFeatureQuality, toHeatCells, withhold } from "./to-quality.ts";

/** What is wrong with the values of every feature and of the prediction, and since when. */
export const getQuality = defineService({
  name: "getQuality",
  role: "viewer",
  input: qualityInput,
  output: qualityOutput,
  writes: false,
  async run(ctx, input) {
    const scope = await resolveScope(ctx, input);
    const { fromTime, untilTime } = scope.window;
    const [read, featureRows] = await Promise.all([
      readQuality(ctx, scope, input),
      listFeatureRows(ctx, scope.modelId),
    ]);
    const waitingReason = read.waiting.reason;
    const columns = chooseQualityColumns(scope.window, ctx.now, read.keys.length);
    const cells = await readQualityColumns(ctx, scope, read.keys, columns);
    const results = read.keys.map((key, i) => {
      const result = toFeatureQuality(key, { starts: columns, cells: cells[i] ?? [] });
      return waitingReason === null ? result : withhold(result, waitingReason);
    });
    const features = [...results, ...read.failed.map(toFailed)].sort(compareQuality);
    const countOf = (verdict: QualityVerdict) =>
      features.filter((one) => one.verdict === verdict).length;
    return {
      model: scope.model,
      environment: scope.environment,
      version: scope.version,
      segment: scope.segment ?? null,
      from: fromTime.toISOString(),
      until: untilTime.toISOString(),
      reference: read.reference,
      referenceLack: read.reference === null ? await explainLack(ctx, scope, input) : null,
      windowRowCount: read.windowRowCount,
      waitingShare: read.waiting.share,
      family: {
        size: features.length,
        problemCount: countOf("problem"),
        okCount: countOf("ok"),
        cannotSayCount: countOf("cannot_say"),
        failedCount: countOf("failed"),
        testCount: read.keys[0]?.quality.familySize ?? 0,
        falseDiscoveryRate: FALSE_DISCOVERY_RATE,
      },
      features,
      // What has not been counted yet may hold what seems to be gone.
      changes:
        waitingReason !== null
          ? []
          : listChanges(read.keys, results, {
              lastSeenMs: read.lastSeenMs,
              firstSeen: new Map(featureRows.map((row) => [row.name, row.firstSeenAt])),
              hasReference: read.reference !== null,
              bucketMs: columns.bucketMs,
            }),
      bucketMs: columns.bucketMs,
      buckets: columns.starts.map((start) => start.toISOString()),
      bucketRowCounts: columns.starts.map((_, column) => cells[0]?.[column]?.rowCount ?? 0),
      heat: read.keys.map(({ subject, feature }, i) => ({
        subject,
        feature,
        cells: toHeatCells(cells[i] ?? [], waitingReason !== null),
      })),
    };
  },
});
