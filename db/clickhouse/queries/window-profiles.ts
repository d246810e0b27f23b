import { z } from "zod";
import type { Grain } from "#lib/domain/grain.ts";
import { grainSchema } from "#lib/domain/grain.ts";
import { defineScan } from "../define-query.ts";
import {
  pieceList,
  profileWindowParams,
  windowPieceConditions,
} from "../fragments/profile-window.ts";
import { storedPartColumns, storedPartFields, storedPartReader } from "./stored-profile.ts";

/** The stored profiles of one version in some stretches of time, of everything or of some values of a tag; one row per value, bucket,
 *  subject and feature, in no order. What they add up to, lib/services/profile/sum-profiles.ts says. */
export const windowProfiles = defineScan({
  name: "windowProfiles",
  params: profileWindowParams.omit({ segmentValue: true }).extend({
    segmentValues: z.array(z.string()).min(1).default([""]),
    grains: pieceList(grainSchema),
    fromSeconds: pieceList(z.int()),
    untilSeconds: pieceList(z.int()),
    subjects: z.array(z.string()).min(1),
    /** Null: every feature. */
    features: z.array(z.string()).nullable().default(null),
  }),
  columns: {
    segmentValue: "String",
    grainName: "String",
    bucketSeconds: "UInt32",
    ...storedPartColumns,
  },
  rowReader: () => {
    const toStoredPart = storedPartReader();
    return (read, row) => ({
      ...toStoredPart(read, row),
      segmentValue: read.segmentValue(row),
      // Safe: the column is an enum of the grains.
      grain: read.grainName(row) as Grain,
      bucketSeconds: read.bucketSeconds(row),
    });
  },
  rowsMax: 1_000_000,
  timeoutMs: 30_000,
  sql: ({ features }) => `
    SELECT CAST(segment_value, 'String') AS segmentValue, CAST(grain, 'String') AS grainName, toUnixTimestamp(bucket) AS bucketSeconds,
      ${storedPartFields}
    FROM bucket_profiles FINAL
    WHERE ${windowPieceConditions} AND segment_value IN {segmentValues: Array(String)}
      AND environment = {environment: String} AND version = {version: String} AND subject IN {subjects: Array(String)}
      ${features === null ? "" : "AND feature IN {features: Array(String)}"} AND row_count > 0
    LIMIT {rowsMax: UInt32} + 1`,
});
