import { Counter, collectDefaultMetrics, Gauge, Histogram, Registry } from "prom-client";

export interface Gauges {
  walBytes: () => number;
  oldestUnstoredAgeMs: () => number;
  unstoredBatches: () => number;
  inFlightBytes: () => number;
}

export type IngestMetrics = ReturnType<typeof createIngestMetrics>;

export function createIngestMetrics() {
  const registry = new Registry();
  const registers = [registry];
  collectDefaultMetrics({ register: registry });
  return {
    registry,
    acceptedRows: new Counter({
      name: "plumbline_ingest_rows_accepted_total",
      help: "Rows that were acknowledged.",
      labelNames: ["endpoint"],
      registers,
    }),
    rejectedRows: new Counter({
      name: "plumbline_ingest_rows_rejected_total",
      help: "Rows that were refused, by reason.",
      labelNames: ["endpoint", "code"],
      registers,
    }),
    suppressedRejections: new Counter({
      name: "plumbline_ingest_rejections_suppressed_total",
      help: "Refused rows that were not kept for a person to look at, because there were too many.",
      registers,
    }),
    repeatsRecognised: new Counter({
      name: "plumbline_ingest_repeats_recognised_total",
      help: "Bodies that were sent again because their answer may have been lost, and were not written again.",
      labelNames: ["endpoint"],
      registers,
    }),
    requests: new Counter({
      name: "plumbline_ingest_requests_total",
      help: "Requests by status.",
      labelNames: ["endpoint", "status"],
      registers,
    }),
    bodyBytes: new Counter({
      name: "plumbline_ingest_body_bytes_total",
      help: "Bytes of bodies, decompressed.",
      labelNames: ["endpoint"],
      registers,
    }),
    ackSeconds: new Histogram({
      name: "plumbline_ingest_ack_seconds",
      help: "From the request's headers to its 202.",
      buckets: [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 10],
      registers,
    }),
    shippedRows: new Counter({
      name: "plumbline_ingest_rows_shipped_total",
      help: "Rows that the store has taken.",
      registers,
    }),
    orphanRows: new Counter({
      name: "plumbline_ingest_rows_orphaned_total",
      help: "Acknowledged rows of workspaces that no longer exist.",
      registers,
    }),
    shippedBatches: new Counter({
      name: "plumbline_ingest_batches_shipped_total",
      help: "Batches that the store has taken.",
      registers,
    }),
    shipSeconds: new Histogram({
      name: "plumbline_ingest_ship_seconds",
      help: "From reading a sealed batch to its dirty marks.",
      buckets: [0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60],
      registers,
    }),
    shipFailures: new Counter({
      name: "plumbline_ingest_ship_failures_total",
      help: "Failed attempts to ship, by step; each is tried again.",
      labelNames: ["step"],
      registers,
    }),
    watch(gauges: Gauges): void {
      gauge("plumbline_ingest_wal_bytes", "Bytes of the write-ahead log.", gauges.walBytes);
      gauge(
        "plumbline_ingest_oldest_unstored_seconds",
        "Age of the oldest acknowledged row that the store does not have.",
        () => gauges.oldestUnstoredAgeMs() / 1000,
      );
      gauge(
        "plumbline_ingest_unstored_batches",
        "Batches that are not stored yet.",
        gauges.unstoredBatches,
      );
      gauge(
        "plumbline_ingest_in_flight_bytes",
        "Bytes of bodies that are being worked on.",
        gauges.inFlightBytes,
      );
    },
  };

  function gauge(name: string, help: string, read: () => number): void {
    new Gauge({
      name,
      help,
      registers,
      collect() {
        this.set(read());
      },
    });
  }
}
