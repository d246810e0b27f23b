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
