import { z } from "zod";
import { rawTables } from "#db/clickhouse/inserts/raw-rows.ts";
import { featureTypeSchema, taskSchema } from "#lib/domain/model.ts";
import { loggedBodySchema } from "./repeated-bodies.ts";

/** What a record of the log says beside its rows. It holds names, never database ids: acknowledging needs no Postgres. */
const headerSchema = z.object({
  workspaceId: z.uuid(),
  receivedAtMs: z.int(),
  /** The greatest millisecond of a sequence in this record. */
  sequenceMs: z.int(),
  models: z.array(
    z.object({
      name: z.string(),
      task: taskSchema.nullable(),
      versions: z.array(z.tuple([z.string(), z.string()])),
      features: z.array(z.tuple([z.string(), featureTypeSchema])),
    }),
  ),
  groups: z.array(
    z.object({
      table: z.enum(rawTables),
      partition: z.int(),
      /** Into `models`; null where the table knows no model. */
      model: z.int().nullable(),
      /** Starts of 5-minute buckets, in seconds since 1970. */
      buckets: z.array(z.int()),
    }),
  ),
  rowCount: z.int(),
  /** Of the body that the rows came in, when it may be recognised should it come again. */
  body: loggedBodySchema.nullable().default(null),
  /** Digests of earlier bodies whose senders have their answers by now. */
  answered: z.array(z.string()).default([]),
});
export type RecordHeader = z.infer<typeof headerSchema>;
export type RecordGroup = RecordHeader["groups"][number];
export type RecordModel = RecordHeader["models"][number];

export interface RowsRecord {
  header: RecordHeader;
  /** Per row its length and its group, in turn. */
  index: Uint32Array;
  rows: Buffer;
}

/** header length, header, index, rows: the pieces that one append writes. */
export function encodeRecord(record: RowsRecord): Buffer[] {
  const header = Buffer.from(JSON.stringify(record.header));
  const length = Buffer.alloc(4);
  length.writeUInt32LE(header.length);
  const index = Buffer.from(record.index.buffer, record.index.byteOffset, record.index.byteLength);
  return [length, header, index, record.rows];
}

export function decodeHeader(body: Buffer): RecordHeader {
  return headerSchema.parse(JSON.parse(body.toString("utf8", 4, headerEndOf(body))));
}

function headerEndOf(body: Buffer): number {
  return 4 + body.readUInt32LE(0);
}

export function decodeRecord(body: Buffer): RowsRecord {
  const header = decodeHeader(body);
  const headerEnd = headerEndOf(body);
  const rowsStart = headerEnd + header.rowCount * 8;
  const index = new Uint32Array(header.rowCount * 2);
  for (let i = 0; i < index.length; i++) index[i] = body.readUInt32LE(headerEnd + i * 4);
  return { header, index, rows: body.subarray(rowsStart) };
}
