import { z } from "zod";
import { defineQuery } from "../define-query.ts";

const evaluationRow = z.object({
  environment: z.string(),
  version: z.string(),
  subject: z.enum(["model", "feature", "prediction", "label"]),
  column: z.string(),
  segmentKey: z.string(),
  segmentValue: z.string(),
  fromMs: z.int(),
  untilMs: z.int(),
  kind: z.enum(["value", "no_data", "failed"]),
  value: z.number().nullable(),
  lower: z.number().nullable(),
  upper: z.number().nullable(),
  sampleCount: z.int(),
  judged: z.string(),
  fireThreshold: z.number().nullable(),
  clearThreshold: z.number().nullable(),
  sentence: z.string(),
  revision: z.int(),
});

const place = `workspace_id = {workspaceId: UUID} AND monitor_id = {monitorId: UUID}
      AND window_until > {fromTime: DateTime64(3)} AND window_until <= {untilTime: DateTime64(3)}`;

const columns = `environment, version, toString(subject) AS subject, toString(column) AS column, toString(segment_key) AS segmentKey,
      segment_value AS segmentValue, toInt64(toUnixTimestamp(window_from)) * 1000 AS fromMs, toInt64(toUnixTimestamp(window_until)) * 1000 AS untilMs,
      toString(kind) AS kind, value, lower, upper, sample_count AS sampleCount, toString(judged) AS judged,
      fire_threshold AS fireThreshold, clear_threshold AS clearThreshold, sentence, revision`;

/** What the windows of one series of a monitor came out as, oldest first; one row per window. */
export const seriesEvaluations = defineQuery({
  name: "seriesEvaluations",
  params: z.object({
    monitorId: z.uuid(),
    environment: z.string(),
    version: z.string(),
    subject: z.string(),
    column: z.string(),
    segmentKey: z.string(),
    segmentValue: z.string(),
    fromTime: z.date(),
    untilTime: z.date(),
  }),
  row: evaluationRow,
  rowsMax: 30_000,
  timeoutMs: 10_000,
  sql: () => `
    SELECT ${columns}
    FROM evaluations FINAL
    WHERE ${place} AND environment = {environment: String} AND version = {version: String} AND subject = {subject: String}
      AND column = {column: String} AND segment_key = {segmentKey: String} AND segment_value = {segmentValue: String}
    ORDER BY untilMs
    LIMIT {rowsMax: UInt32} + 1`,
});

const sparkWindowsMax = 48;
const sparkMonitorsMax = 1_000;

/** The last windows of each monitor, the worst series of each: how far its value is, and how it was judged; one row per monitor
 *  and window, oldest first. */
export const monitorSparks = defineQuery({
  name: "monitorSparks",
  params: z.object({
    monitorIds: z.array(z.uuid()).min(1).max(sparkMonitorsMax),
    fromTime: z.date(),
  }),
  row: z.object({
    monitorId: z.string(),
    untilMs: z.int(),
    /** Of the series that was judged worst and of these the farthest beyond; null where none had a value. */
    value: z.number().nullable(),
    firingCount: z.int(),
    valueCount: z.int(),
    seriesCount: z.int(),
  }),
  rowsMax: sparkMonitorsMax * sparkWindowsMax,
  timeoutMs: 10_000,
  sql: () => `
    SELECT monitorId, untilMs, if(valueCount = 0, NULL, worst) AS value, firingCount, valueCount, seriesCount
    FROM (
      SELECT toString(monitor_id) AS monitorId, toInt64(toUnixTimestamp(window_until)) * 1000 AS untilMs,
        argMaxIf(ifNull(value, 0), (judged = 'fire', ifNull(abs(ifNull(value, 0) - ifNull(fire_threshold, 0)), 0)), kind = 'value') AS worst,
        countIf(kind = 'value' AND judged = 'fire') AS firingCount, countIf(kind = 'value') AS valueCount, count() AS seriesCount
      FROM evaluations FINAL
      WHERE workspace_id = {workspaceId: UUID} AND has({monitorIds: Array(UUID)}, monitor_id)
        AND window_until > {fromTime: DateTime64(3)}
      GROUP BY monitor_id, window_until
      ORDER BY window_until DESC
      LIMIT ${sparkWindowsMax} BY monitor_id)
    ORDER BY monitorId, untilMs
    LIMIT {rowsMax: UInt32} + 1`,
});
