import { Readable } from "node:stream";
import type { Grain } from "#lib/domain/grain.ts";
import type { ProfileSubject } from "#lib/domain/model.ts";
import type { FeatureProfile } from "#lib/stats/feature-profile.ts";
import type { ClickHouseClient } from "../client.ts";
import { numberedResolutionMax } from "../fragments/all-edges.ts";
import { RowWriter, uuidBytes } from "../row-writer.ts";
import { profileColumns } from "../statements/profile-steps.ts";

/** One key of one group of rows. */
export interface CountedKey {
  subject: ProfileSubject;
  feature: string;
  profile: FeatureProfile;
  /** Milliseconds since 1970; 0 stands for never. */
  newestEventMs: number;
  newestReceivedMs: number;
  newestFeatureMs: number;
}

export interface BucketProfile extends CountedKey {
  environment: string;
  version: string;
  segmentKey: string;
  segmentValue: string;
  bucketSeconds: number;
}

export interface BaselineProfile extends CountedKey {
  segmentKey: string;
  segmentValue: string;
}

/** The numbers of the grains in the table's enum. */
const grainNumbers: Record<Grain, number> = { "5m": 1, "1h": 2, "1d": 3 };

const writerBytes = 65_536;

/** Replaces profiles of earlier revisions. Written twice they are there once. */
export async function insertBucketProfiles(
  client: ClickHouseClient,
  place: { workspaceId: string; modelId: string; grain: Grain; revision: number },
  rows: readonly BucketProfile[],
  signal?: AbortSignal,
): Promise<void> {
  const writer = new RowWriter(writerBytes);
  const ids = [place.workspaceId, place.modelId].map(uuidBytes);
  for (const row of rows) {
    for (const id of ids) writer.raw(id);
    writer.string(row.environment);
    writer.string(row.version);
    writer.string(row.segmentKey);
    writer.string(row.segmentValue);
    writer.byte(grainNumbers[place.grain]);
    writer.uint32(row.bucketSeconds);
    writeProfile(writer, row);
    writer.uint64(row.newestEventMs);
    writer.uint64(row.newestReceivedMs);
    writer.uint64(row.newestFeatureMs);
    writer.uint64(place.revision);
  }
  const columns = `workspace_id, model_id, environment, version, segment_key, segment_value, grain, bucket, ${profileColumns.join(", ")},
  newest_event_at, newest_received_at, newest_feature_at, revision`;
  await insertRows(
    client,
    `bucket_profiles (${columns})`,
    "insertBucketProfiles",
    writer.bytes(),
    signal,
  );
}

/** The same of a baseline. */
export async function insertBaselineProfiles(
  client: ClickHouseClient,
  place: { workspaceId: string; modelId: string; baselineId: string; revision: number },
  rows: readonly BaselineProfile[],
  signal?: AbortSignal,
): Promise<void> {
  const writer = new RowWriter(writerBytes);
  const ids = [place.workspaceId, place.modelId, place.baselineId].map(uuidBytes);
  for (const row of rows) {
    for (const id of ids) writer.raw(id);
    writer.string(row.segmentKey);
    writer.string(row.segmentValue);
    writeProfile(writer, row);
    writer.uint64(place.revision);
  }
  const columns = `workspace_id, model_id, baseline_id, segment_key, segment_value, ${profileColumns.join(", ")}, revision`;
  const table = `baseline_profiles (${columns})`;
  await insertRows(client, table, "insertBaselineProfiles", writer.bytes(), signal);
}

/** In the order of `profileColumns`. */
function writeProfile(writer: RowWriter, { subject, feature, profile }: CountedKey): void {
  writer.string(subject);
  writer.string(feature);
  writer.uint64(profile.rowCount);
  writer.uint64(profile.numericCount);
  writer.uint64(profile.nanCount);
  writer.uint64(profile.positiveInfinityCount);
  writer.uint64(profile.negativeInfinityCount);
  writer.uint64(profile.nullCount);
  writer.uint64(profile.absentCount);
  writer.uint64(profile.stringCount);
  writer.uint64(profile.booleanCount);
  writer.float64(profile.minimum ?? 0);
  writer.float64(profile.maximum ?? 0);
  writer.float64(profile.mean);
  writer.float64(profile.m2);
  writer.byte(profile.resolution);
  writer.float64(profile.zeroFloor);
  // A bin has a number, or else its edge is kept.
  const areNumbered = profile.resolution <= numberedResolutionMax;
  writer.float64s(areNumbered ? profile.edges : []);
  writer.float64s(areNumbered ? [] : profile.edges);
  writer.uint64s(profile.counts);
  writer.strings(profile.valueNames);
  writer.uint64s(profile.valueCounts);
  writer.uint64(profile.otherCount);
  writer.uint64(profile.distinctCount);
}

async function insertRows(
  client: ClickHouseClient,
  into: string,
  name: string,
  bytes: Buffer,
  signal: AbortSignal | undefined,
): Promise<void> {
  if (bytes.length === 0) return;
  const { stream } = await client.exec({
    query: `INSERT INTO ${into} FORMAT RowBinary`,
    values: Readable.from([bytes], { objectMode: false }),
    clickhouse_settings: { log_comment: name, wait_end_of_query: 1 },
    ...(signal === undefined ? {} : { abort_signal: signal }),
  });
  for await (const _ of stream) {
    // An exec is over when its answer has been read.
  }
}
