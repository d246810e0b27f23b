import { mkdir } from "node:fs/promises";
import { join } from "node:path";
import type { ClickHouseClient } from "#db/clickhouse/client.ts";
import type { PostgresPool } from "#db/postgres/client.ts";
import { AppError } from "#lib/domain/errors.ts";
import type { Logger } from "#lib/log.ts";
import { Authenticator } from "./authenticate.ts";
import { registerBaselineRoutes } from "./baseline-routes.ts";
import { registerChangeRoute } from "./change-route.ts";
import { describeHealth } from "./health.ts";
import { InFlight } from "./in-flight.ts";
import { createIngestMetrics } from "./metrics.ts";
import { createIdMint } from "./mint-id.ts";
import type { Received } from "./receive.ts";
import { Receiver } from "./receive.ts";
import { byPosition, recoverLog } from "./recover.ts";
import { encodeBodies, recoverBodies } from "./recover-bodies.ts";
import { RepeatedBodies } from "./repeated-bodies.ts";
import type { SealLimits } from "./seal-batches.ts";
import { BatchSealer } from "./seal-batches.ts";
import { Sequence } from "./sequence.ts";
import { createServer } from "./server.ts";
import type { ShipperOptions } from "./ship-batches.ts";
import { Shipper } from "./ship-batches.ts";
import { WriteAheadLog } from "./write-ahead-log.ts";

export interface IngestOptions {
  clickhouse: ClickHouseClient;
  /** For the files of baselines, which take their time; the other one when absent. */
  importClickhouse?: ClickHouseClient;
  postgres: PostgresPool;
  logger: Logger;
  /** Ours alone; the log lies in `wal` inside. */
  dataFolder: string;
  host: string;
  port: number;
  walBytesMax: number;
  now: () => number;
  randomFill: (target: Buffer) => unknown;
  inFlightBytesMax?: number;
  segmentBytes?: number;
  recordSynced?: boolean;
  keyFreshMs?: number;
  storedTimeoutMs?: number;
  bodyTimeoutMs?: number;
  seal?: Partial<SealLimits>;
  backoff?: ShipperOptions["backoff"];
  shipConcurrency?: number;
}

export interface Ingest {
  url: string;
  /** Stops accepting, ships what it can within the time, and lets go of the log; the rest is sent at the next start. */
  stop(drainMs?: number): Promise<void>;
}

const inFlightBytesMaxDefault = 256 * 1024 ** 2;
const drainMsDefault = 10_000;

export async function startIngest(options: IngestOptions): Promise<Ingest> {
  const { logger, now, postgres, clickhouse } = options;
  const folder = join(options.dataFolder, "wal");
  const repeats = new RepeatedBodies<Received>();
  const wal = await WriteAheadLog.open({
    folder,
    preamble: () => encodeBodies(repeats.list(now())),
    bytesMax: options.walBytesMax,
    ...(options.segmentBytes === undefined ? {} : { segmentBytes: options.segmentBytes }),
    recordSynced: options.recordSynced ?? false,
  });
  const recovery = await recoverLog(wal, folder);
  for (const body of await recoverBodies(wal)) repeats.remember(body, now());
  const needed = [...recovery.sealed, ...recovery.unsealed].map(({ segment }) => segment);
  await wal.releaseBefore(Math.min(wal.currentSegment, ...needed));
  const sequence = new Sequence(recovery.sequenceMs);
  const metrics = createIngestMetrics();
  const mintId = createIdMint(options.randomFill);
  const shipper = new Shipper({
    wal,
    folder,
    clickhouse,
    postgres,
    metrics,
    sequence,
    now,
    mintId: () => mintId(now()),
    onFailure: (step, error, attempt) =>
      logger.warn({ err: error, step, attempt }, "shipping failed; it is tried again"),
    ...(options.shipConcurrency === undefined ? {} : { concurrency: options.shipConcurrency }),
    ...(options.backoff === undefined ? {} : { backoff: options.backoff }),
  });
  const sealer = new BatchSealer({
    wal,
    mintId: () => mintId(now()),
    onOpened: (batch) => shipper.track(batch),
    onSealed: (batch) => shipper.enqueue(batch),
    onError: (error) =>
      logger.error({ err: error }, "a batch could not be sealed; it is tried again"),
    ...(options.seal === undefined ? {} : { limits: options.seal }),
  });
  for (const batch of recovery.sealed) shipper.track(batch);
  for (const batch of recovery.sealed) shipper.enqueue(batch);
  for (const range of recovery.unsealed.sort(byPosition)) sealer.adopt(range);
  if (recovery.sealed.length + recovery.unsealed.length > 0 || recovery.tornBytes > 0) {
    const { sealed, unsealed, tornBytes } = recovery;
    logger.info(
      { sealed: sealed.length, unsealed: unsealed.length, tornBytes },
      "replaying the write-ahead log",
    );
  }

  const inFlight = new InFlight(options.inFlightBytesMax ?? inFlightBytesMaxDefault);
  metrics.watch({
    walBytes: () => wal.bytes,
    oldestUnstoredAgeMs: () => shipper.oldestUnstoredAgeMs,
    unstoredBatches: () => shipper.unstoredCount,
    inFlightBytes: () => inFlight.bytes,
  });
  let isStopping = false;
  const server = createServer({
    authenticator: new Authenticator({
      postgres,
      now,
      onError: (error) => logger.warn({ err: error }, "an API key could not be looked up"),
      ...(options.keyFreshMs === undefined ? {} : { freshMs: options.keyFreshMs }),
    }),
    receiver: new Receiver({
      sealer,
      repeats,
      storeAll: () => shipper.storeAll(),
      sequence,
      metrics,
      now,
      mintId,
    }),
    sealer,
    inFlight,
    metrics,
    mintRequestId: () => mintId(now()),
    health: () =>
      describeHealth({
        isStopping,
        walBytes: wal.bytes,
        walBytesMax: wal.bytesMax,
        oldestUnstoredAgeMs: shipper.oldestUnstoredAgeMs,
        failing: shipper.failing,
      }),
    assertRoom: () => {
      if (wal.isFull)
        throw new AppError("unavailable", "The write-ahead log is full.", { retryAfterSeconds: 5 });
    },
    onError: (error, requestId) => logger.error({ err: error, requestId }, "a request failed"),
    ...(options.storedTimeoutMs === undefined ? {} : { storedTimeoutMs: options.storedTimeoutMs }),
    ...(options.bodyTimeoutMs === undefined ? {} : { bodyTimeoutMs: options.bodyTimeoutMs }),
  });
  const spoolFolder = join(options.dataFolder, "uploads");
  await mkdir(spoolFolder, { recursive: true, mode: 0o700 });
  registerBaselineRoutes(server, {
    postgres,
    clickhouse: options.importClickhouse ?? clickhouse,
    now,
    spoolFolder,
  });
  registerChangeRoute(server, { postgres, clickhouse, now });
  const url = await server.listen({ host: options.host, port: options.port });
  logger.info({ url }, "ingest is listening");

  return {
    url,
    async stop(drainMs = drainMsDefault) {
      isStopping = true;
      await server.close();
      await sealer.flush();
      const isDrained = await shipper.drain(drainMs);
      await shipper.stop();
      await wal.close();
      if (!isDrained)
        logger.warn("stopped with rows that are not stored yet; they are sent at the next start");
    },
  };
}
