import { affectedPredictions } from "./affected-predictions.ts";
import { arrivedHours } from "./arrived-hours.ts";
import { badRows } from "./bad-rows.ts";
import { baselineCells, baselineScores } from "./baseline-cells.ts";
import { baselineClasses } from "./baseline-classes.ts";
import { baselineProfiles } from "./baseline-profiles.ts";
import { baselineSegmentCounts } from "./baseline-segments.ts";
import { baselineSize } from "./baseline-size.ts";
import { bucketGroups } from "./bucket-groups.ts";
import { bucketSkew } from "./bucket-skew.ts";
import { columnQuality } from "./column-quality.ts";
import { columnSkew } from "./column-skew.ts";
import {
  answeredPredictions,
  baselineLabelCount,
  baselineLabelledRows,
  estimatedHours,
  staleEstimateHours,
} from "./estimate-rows.ts";
import { seriesEvaluations } from "./evaluation-rows.ts";
import { expiredPartitions } from "./expired-partitions.ts";
import { featureLastSeen, segmentFeatures } from "./feature-last-seen.ts";
import { finerProfiles, finerSizes } from "./finer-profiles.ts";
import { firstProfiledDay } from "./first-profiled-day.ts";
import { firstRow } from "./first-row.ts";
import { columnLags, featurePresence, lagSpreads } from "./freshness-figures.ts";
import {
  freshnessSlices,
  labelSample,
  lagShare,
  predictionTimes,
  segmentLastSeen,
} from "./freshness-share.ts";
import { groupErrors, groupOutcomes } from "./group-outcomes.ts";
import { hourPredictions } from "./hour-predictions.ts";
import { latencySlices } from "./latency-slices.ts";
import { matchedGroups } from "./matched-groups.ts";
import { matchedRows } from "./matched-rows.ts";
import { matchedVersions } from "./matched-versions.ts";
import { newestPredictionBucket } from "./newest-prediction-bucket.ts";
import {
  baselineOutcomeRows,
  explanationSizes,
  labelledCounts,
  outcomeRows,
} from "./outcome-rows.ts";
import { outsideShares } from "./outside-shares.ts";
import { pairCounts } from "./pair-counts.ts";
import { performanceBuckets, performanceKeys, performanceRows } from "./performance-rows.ts";
import { predictionKeys } from "./prediction-keys.ts";
import { predictionLabels } from "./prediction-labels.ts";
import { predictionRows } from "./prediction-rows.ts";
import { profileRows } from "./profile-rows.ts";
import { rawRowPresence } from "./raw-row-presence.ts";
import { rejectionCounts, rejectionRows } from "./rejection-rows.ts";
import { repeatCounts, repeatedRows } from "./repeated-rows.ts";
import { replayedRows } from "./replayed-rows.ts";
import {
  columnRowCounts,
  labelCount,
  lastEvents,
  profiledRowCount,
  rawRowCount,
  windowRowCounts,
} from "./row-counts.ts";
import { labelPresence, offlinePresence } from "./row-presence.ts";
import { profiledRows, storedRows } from "./rows-by-bucket.ts";
import {
  embeddingNames,
  sampledBaselineRows,
  sampledEmbeddings,
  sampledPredictions,
} from "./sampled-rows.ts";
import { segmentCatalogue, tagKeys } from "./segment-keys.ts";
import { segmentLosses, segmentPerformance, segmentRowCounts } from "./segment-performance.ts";
import { baselineSegmentValues, namedSegmentValues, segmentValues } from "./segment-values.ts";
import { skewSamples } from "./skew-samples.ts";
import {
  baselineChunkValueCounts,
  baselineTimes,
  baselineValueCounts,
  chunkValueCounts,
  windowValueCounts,
} from "./value-counts.ts";
import { vanishedProfiles } from "./vanished-profiles.ts";
import { windowProfiles } from "./window-profiles.ts";
import { windowSkew } from "./window-skew.ts";

/** Every question that is asked of ClickHouse; the laws over all of them are tested on this list. */
export const queries = [
  affectedPredictions,
  groupErrors,
  groupOutcomes,
  firstProfiledDay,
  latencySlices,
  matchedGroups,
  matchedRows,
  matchedVersions,
  labelPresence,
  baselineChunkValueCounts,
  baselineTimes,
  chunkValueCounts,
  baselineClasses,
  baselineCells,
  baselineScores,
  baselineLabelCount,
  baselineLabelledRows,
  answeredPredictions,
  staleEstimateHours,
  estimatedHours,
  outsideShares,
  outcomeRows,
  explanationSizes,
  baselineOutcomeRows,
  labelledCounts,
  offlinePresence,
  hourPredictions,
  windowSkew,
  columnSkew,
  bucketSkew,
  pairCounts,
  skewSamples,
  arrivedHours,
  performanceBuckets,
  performanceKeys,
  performanceRows,
  columnRowCounts,
  labelCount,
  lastEvents,
  profiledRowCount,
  profiledRows.performance,
  profiledRows.profile,
  profiledRows.skew,
  rawRowCount,
  windowRowCounts,
  columnLags,
  featurePresence,
  lagSpreads,
  expiredPartitions,
  windowProfiles,
  vanishedProfiles,
  finerProfiles,
  finerSizes,
  seriesEvaluations,
  columnQuality,
  badRows,
  repeatCounts,
  repeatedRows,
  featureLastSeen,
  lagShare,
  freshnessSlices,
  segmentLastSeen,
  labelSample,
  predictionTimes,
  baselineProfiles,
  baselineSegmentCounts,
  baselineValueCounts,
  windowValueCounts,
  segmentCatalogue,
  segmentFeatures,
  segmentLosses,
  segmentPerformance,
  segmentRowCounts,
  segmentValues,
  baselineSegmentValues,
  namedSegmentValues,
  tagKeys,
  profileRows,
  baselineSize,
  bucketGroups,
  firstRow,
  newestPredictionBucket,
  predictionKeys,
  predictionLabels,
  predictionRows,
  rawRowPresence,
  rejectionCounts,
  rejectionRows,
  replayedRows,
  storedRows,
  embeddingNames,
  sampledBaselineRows,
  sampledEmbeddings,
  sampledPredictions,
];
