import type { Readable } from "node:stream";
import { createGunzip, createZstdDecompress } from "node:zlib";
import type { FastifyRequest } from "fastify";
import type { ClickHouseClient } from "#db/clickhouse/client.ts";
import type { PostgresPool } from "#db/postgres/client.ts";
import { findKeyRow } from "#db/postgres/queries/key.ts";
import { AppError } from "#lib/domain/errors.ts";
import type { CallContext } from "#lib/services/context.ts";
import { authenticateKey } from "#lib/services/key/authenticate-key.ts";

/** What a door needs that does more than log rows. */
export interface KeyDoorOptions {
  postgres: PostgresPool;
  clickhouse: ClickHouseClient;
  now: () => number;
}

/** Whose key it is, as services take it. */
export async function openCall(
  { postgres, clickhouse, now }: KeyDoorOptions,
  request: FastifyRequest,
): Promise<CallContext> {
  const key = /^Bearer +(\S+)$/i.exec(request.headers.authorization ?? "")?.[1];
  if (key === undefined)
    throw new AppError("unauthorized", "Send your API key as `Authorization: Bearer <key>`.");
  const at = new Date(now());
  const { keyId, workspaceId, scopes } = await authenticateKey(postgres, key, at);
  return { postgres, clickhouse, workspaceId, actor: { kind: "key", keyId, scopes }, now: at };
}

export function keyIdOf({ actor }: CallContext): string {
  if (actor.kind !== "key") throw new Error("A door of the data plane is opened by a key.");
  return actor.keyId;
}

export async function describeKey(call: CallContext): Promise<string> {
  const key = await findKeyRow(
    { pg: call.postgres.db, workspaceId: call.workspaceId },
    keyIdOf(call),
  );
  return `key ${key?.name ?? ""}`.trim();
}

export function contentEncodingOf(request: FastifyRequest): string {
  return (request.headers["content-encoding"] ?? "identity").trim().toLowerCase();
}

/** What it unpacks to is counted, and not what was sent. */
export function decode(request: FastifyRequest): Readable {
  const encoding = contentEncodingOf(request);
  switch (encoding) {
    case "identity":
      return request.raw;
    case "gzip":
      return unpack(request.raw, createGunzip());
    case "zstd":
      return unpack(request.raw, createZstdDecompress());
    default:
      throw new AppError(
        "unsupported_type",
        `The encoding ${encoding} is not supported; send gzip, zstd or none.`,
      );
  }
}

function unpack<T extends NodeJS.ReadWriteStream & Readable>(
  source: Readable,
  unpacker: T,
): Readable {
  source.on("error", (error) => unpacker.destroy(error));
  unpacker.on("error", () => source.unpipe());
  return source.pipe(unpacker);
}
