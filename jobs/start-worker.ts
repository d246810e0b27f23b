import type { Server } from "node:http";
import { createServer } from "node:http";
import { Counter, collectDefaultMetrics, Gauge, Histogram, Registry } from "prom-client";
import type { z } from "zod";
import { countOpenRuns } from "#db/postgres/queries/action-run.ts";
import { listBaselinesToProfile } from "#db/postgres/queries/active-models.ts";
import { countAllDirtyBuckets } from "#db/postgres/queries/dirty-buckets.ts";
import { countFindings } from "#db/postgres/queries/incident-audit.ts";
import { listQueuedRuns } from "#db/postgres/queries/job-run.ts";
import { countOpenNotifications } from "#db/postgres/queries/notification-outbox.ts";
import type { JobQueue } from "#db/postgres/queue.ts";
import type { Logger } from "#lib/log.ts";
import { applyOutcomes } from "#lib/services/alert/apply-outcomes.ts";
import type { Stores } from "#lib/services/context.ts";
import { auditGraceMs } from "#lib/services/incident/audit-incidents.ts";
import type { DeliveryContext } from "#lib/services/notification/deliver-notification.ts";
import { startActionItemLoop } from "./action-item-loop.ts";
import { startActionLoop } from "./action-loop.ts";
import { startAuditLoop } from "./audit-loop.ts";
import type { Job, JobContext } from "./define-job.ts";
import { startDeliveryLoop } from "./delivery-loop.ts";
import { startEscalationLoop } from "./escalation-loop.ts";
import { evaluateDriftJob } from "./evaluate-drift.ts";
import { evaluatePerformanceJob } from "./evaluate-performance.ts";
import { startHeartbeatLoop } from "./heartbeat-loop.ts";
import { startIncidentLoop } from "./incident-loop.ts";
import { startMonitorLoop } from "./monitor-loop.ts";
import { profileBaselineJob } from "./profile-baseline.ts";
import { startProfileLoop } from "./profile-loop.ts";
import { startReactionLoop } from "./reaction-loop.ts";
import { startRefreshLoop } from "./refresh-loop.ts";
import { jobs, requestedJobs } from "./registry.ts";
import type { LoggedRun } from "./run-logged.ts";
import { runLogged } from "./run-logged.ts";
import { startSloLoop } from "./slo-loop.ts";
import type { Loop } from "./start-loop.ts";

export interface WorkerOptions {
  stores: Stores;
  queue: JobQueue;
  log: Logger;
  now: () => Date;
  newId: () => string;
  host: string;
  port: number;
  /** How messages leave. Left out, none do: for tests that share their stores with others. */
  delivery?: Pick<DeliveryContext, "sealer" | "guard" | "random"> & {
    /** Where a service outside waits to hear that all that is due is done. */
    heartbeatUrl?: string | undefined;
  };
}

export interface Worker {
  port: number;
  stop(): Promise<void>;
}

const stopMsMax = 20_000;
const requestPollMs = 2_000;

/** The worker: the queue's jobs, the loop that recomputes profiles, and a page for whoever watches it. */
export async function startWorker(options: WorkerOptions): Promise<Worker> {
  const { stores, queue, log, now, newId } = options;
  const metrics = createMetrics(options);
  const enqueue: JobContext["enqueue"] = (job, payload) =>
    queue.send(job.name, payload, job.key(job.payload.parse(payload)));
  await queue.start();
  for (const job of jobs) await workOn(job, { ...options, enqueue, metrics });
  const loop = startProfileLoop({
    stores,
    log,
    now,
    newId,
    async onDone({ claim, bucketCount, failedCount, rowsRead }, seconds) {
      const { workspaceId, modelId, aspect, grain } = claim;
      metrics.buckets.inc({ aspect, grain }, bucketCount - failedCount);
      metrics.failedBuckets.inc({ aspect, grain }, failedCount);
      metrics.rows.inc(rowsRead);
      metrics.recomputeSeconds.observe({ aspect, grain }, seconds);
      if (aspect === "profile" && grain === "1h" && isRecent(claim.buckets, now()))
        await enqueue(evaluateDriftJob, { workspaceId, modelId });
      if (aspect === "performance" && grain === "1d")
        await enqueue(evaluatePerformanceJob, { workspaceId, modelId });
    },
  });
  const incidentLoop = startIncidentLoop({ stores, log, now, newId });
  const monitorLoop = startMonitorLoop({
    stores,
    log,
    now,
    newId,
    applyOutcomes: (tx, options, outcomes) =>
      applyOutcomes(tx, { ...options, publicUrl: stores.publicUrl }, outcomes),
  });
  const delivery = options.delivery && startDelivery(options, options.delivery, metrics);
  const sloLoop = startSloLoop({ stores, log, now, newId });
  const escalationLoop = startEscalationLoop({ stores, log, now, newId });
  const actionItemLoop = startActionItemLoop({ stores, log, now });
  const auditLoop = startAuditLoop({ stores, log, now, newId });
  const requestPoll = startRequestPoll(options, enqueue);
  let isStopping = false;
  const server = await listen(
    options,
    async () => !isStopping && (await canReachStores(stores)),
    metrics.registry,
  );
  return {
    port: portOf(server),
    async stop() {
      isStopping = true;
      clearInterval(requestPoll);
      await Promise.all([
        loop.stop(),
        incidentLoop.stop(),
        monitorLoop.stop(),
        sloLoop.stop(),
        escalationLoop.stop(),
        auditLoop.stop(),
        actionItemLoop.stop(),
        delivery?.stop(),
        queue.stop(stopMsMax),
      ]);
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

function startDelivery(
  options: WorkerOptions,
  delivery: NonNullable<WorkerOptions["delivery"]>,
  metrics: ReturnType<typeof createMetrics>,
): Loop {
  const { stores, log, now } = options;
  const { heartbeatUrl, guard, ...rest } = delivery;
  const { postgres } = stores;
  const sending = startDeliveryLoop({
    delivery: { ...rest, guard, postgres, now },
    log,
    onDone({ destinationKind, kind, state, failure }) {
      if (state === "sent") metrics.notifications.inc({ destination: destinationKind, kind });
      else if (failure !== null)
        metrics.failedNotifications.inc({ destination: destinationKind, reason: failure });
    },
  });
  const acting = startActions(options, delivery);
  const refreshing = startRefreshLoop({ ...rest, guard, postgres, now }, log);
  const working = both(sending, both(acting, refreshing));
  if (heartbeatUrl === undefined) return working;
  const beating = startHeartbeatLoop({
    postgres,
    guard,
    url: heartbeatUrl,
    log,
    now,
    onDone: ({ kind }) => metrics.heartbeats.inc({ outcome: kind }),
  });
  return both(working, beating);
}

const both = (one: Loop, other: Loop): Loop => ({
  async stop() {
    await Promise.all([one.stop(), other.stop()]);
  },
});

function startActions(
  { stores, log, now, newId }: WorkerOptions,
  { sealer, guard }: NonNullable<WorkerOptions["delivery"]>,
): Loop {
  return both(
    startActionLoop({ worker: { ...stores, sealer, guard, now, newId }, log }),
    startReactionLoop({ stores, log, now, newId }),
  );
}

interface WorkContext extends WorkerOptions {
  enqueue: JobContext["enqueue"];
  metrics: ReturnType<typeof createMetrics>;
}

async function workOn<P extends z.ZodObject>(
  job: Job<P>,
  { queue, stores, log, now, newId, enqueue, metrics }: WorkContext,
): Promise<void> {
  const { name, cron, timeoutMs, retriesMax } = job;
  await queue.work(
    { name, cron, timeoutMs, retriesMax, concurrency: job.concurrency ?? 1 },
    async ({ payload: rawPayload, signal, retryCount }) => {
      const startedMs = performance.now();
      const end = (outcome: "done" | "failed") =>
        metrics.jobSeconds.observe({ job: name, outcome }, (performance.now() - startedMs) / 1000);
      try {
        const payload = job.payload.parse(rawPayload);
        const run = ({ trigger, progress }: LoggedRun) =>
          job.run(
            {
              stores,
              log,
              now,
              newId,
              signal: AbortSignal.any([signal, AbortSignal.timeout(timeoutMs)]),
              isLastTry: retryCount >= retriesMax,
              isRequested: trigger === "request",
              progress,
              enqueue,
            },
            payload,
          );
        if (job.isLoggedInside === true)
          await run({ trigger: "schedule", progress: async () => {} });
        else await runLogged(job, payload, { stores, now, newId }, run);
        end("done");
      } catch (error) {
        end("failed");
        log.error({ job: name, payload: rawPayload, retryCount, err: error }, "a job failed");
        throw error;
      }
    },
  );
}

const recentMs = 25 * 3_600_000;

/** Old hours that are loaded change no evaluation of today. */
function isRecent(buckets: readonly { bucket: Date }[], now: Date): boolean {
  return buckets.some(({ bucket }) => bucket.getTime() > now.getTime() - recentMs);
}

/** What a row asks for, whoever wrote it need not know the queue: baselines to profile, and runs that somebody asked for. */
function startRequestPoll(
  { stores, log }: WorkerOptions,
  enqueue: JobContext["enqueue"],
): NodeJS.Timeout {
  let isBusy = false;
  return setInterval(async () => {
    if (isBusy) return;
    isBusy = true;
    try {
      for (const baseline of await listBaselinesToProfile(stores.postgres.db))
        await enqueue(profileBaselineJob, baseline);
      for (const { name, ...model } of await listQueuedRuns(stores.postgres.db)) {
        const job = requestedJobs.find((one) => one.name === name);
        if (job !== undefined) await enqueue(job, model);
      }
    } catch (error) {
      log.warn({ err: error }, "requests could not be looked for; tried again");
    } finally {
      isBusy = false;
    }
  }, requestPollMs);
}

async function canReachStores({ postgres, clickhouse }: Stores): Promise<boolean> {
  try {
    const [, pinged] = await Promise.all([postgres.ping(), clickhouse.ping()]);
    return pinged.success;
  } catch {
    return false;
  }
}

function createMetrics({ stores, queue, now }: WorkerOptions) {
  const registry = new Registry();
  const registers = [registry];
  collectDefaultMetrics({ register: registry });
  new Gauge({
    name: "plumbline_dirty_buckets",
    help: "Buckets that wait to be profiled again.",
    labelNames: ["aspect", "grain"],
    registers,
    async collect() {
      for (const { aspect, grain, count } of await countAllDirtyBuckets(stores.postgres.db))
        this.set({ aspect, grain }, count);
    },
  });
  new Gauge({
    name: "plumbline_incidents_neglected",
    help: "Open incidents by what they lack: nobody was told, nobody is paged next, the acknowledgement ran out, no owner.",
    labelNames: ["finding"],
    registers,
    async collect() {
      const graceBefore = new Date(now().getTime() - auditGraceMs);
      const counts = await countFindings(stores.postgres.db, graceBefore);
      for (const [finding, count] of Object.entries(counts)) this.set({ finding }, count);
    },
  });
  const oldest = new Gauge({
    name: "plumbline_notifications_oldest_seconds",
    help: "How long the message that waits longest has waited.",
    labelNames: ["destination"],
    registers,
  });
  new Gauge({
    name: "plumbline_notifications_waiting",
    help: "Messages that are not sent yet and not given up.",
    labelNames: ["destination"],
    registers,
    async collect() {
      for (const { kind, count, oldestAt } of await countOpenNotifications(stores.postgres.db)) {
        this.set({ destination: kind }, count);
        const ageMs = oldestAt === null ? 0 : now().getTime() - oldestAt.getTime();
        oldest.set({ destination: kind }, ageMs / 1000);
      }
    },
  });
  new Gauge({
    name: "plumbline_action_runs_open",
    help: "Runs of actions that are not over, by state. outcome_unknown waits for a person.",
    labelNames: ["state"],
    registers,
    async collect() {
      this.reset();
      for (const { state, count } of await countOpenRuns(stores.postgres.db))
        this.set({ state }, count);
    },
  });
  new Gauge({
    name: "plumbline_dead_jobs",
    help: "Jobs that used up their retries.",
    registers,
    async collect() {
      this.set(await queue.countDead());
    },
  });
  return {
    registry,
    buckets: new Counter({
      name: "plumbline_profiled_buckets_total",
      help: "Buckets that were profiled.",
      labelNames: ["aspect", "grain"],
      registers,
    }),
    failedBuckets: new Counter({
      name: "plumbline_profile_failures_total",
      help: "Buckets that could not be profiled; tried again.",
      labelNames: ["aspect", "grain"],
      registers,
    }),
    heartbeats: new Counter({
      name: "plumbline_heartbeats_total",
      help: "Calls of the dead man's switch: sent, kept back because something is late, or failed.",
      labelNames: ["outcome"],
      registers,
    }),
    notifications: new Counter({
      name: "plumbline_notifications_total",
      help: "Messages that a receiver took.",
      labelNames: ["destination", "kind"],
      registers,
    }),
    failedNotifications: new Counter({
      name: "plumbline_notifications_failed_total",
      help: "Attempts to send a message that failed.",
      labelNames: ["destination", "reason"],
      registers,
    }),
    rows: new Counter({
      name: "plumbline_profiled_rows_total",
      help: "Raw rows that were read to profile them.",
      registers,
    }),
    recomputeSeconds: new Histogram({
      name: "plumbline_profile_seconds",
      help: "One claim of buckets, from claimed to settled.",
      labelNames: ["aspect", "grain"],
      buckets: [0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60, 300],
      registers,
    }),
    jobSeconds: new Histogram({
      name: "plumbline_job_seconds",
      help: "One run of a job.",
      labelNames: ["job", "outcome"],
      buckets: [0.05, 0.25, 1, 5, 30, 120, 600],
      registers,
    }),
  };
}

function listen(
  { host, port }: WorkerOptions,
  isReady: () => Promise<boolean>,
  registry: Registry,
): Promise<Server> {
  const server = createServer(async (request, response) => {
    const send = (status: number, type: string, body: string) =>
      response.writeHead(status, { "content-type": type }).end(body);
    const sendJson = (status: number, body: object) =>
      send(status, "application/json", JSON.stringify(body));
    try {
      switch (request.url) {
        case "/healthz":
          return sendJson(200, { status: "alive" });
        case "/readyz": {
          const ready = await isReady();
          return sendJson(ready ? 200 : 503, { ready });
        }
        case "/metrics":
          return send(200, registry.contentType, await registry.metrics());
        default:
          return sendJson(404, { status: "not found" });
      }
    } catch {
      return sendJson(503, { status: "unavailable" });
    }
  });
  return new Promise((resolve, reject) => {
    server.once("error", reject);
    server.listen(port, host, () => resolve(server));
  });
}

function portOf(server: Server): number {
  const address = server.address();
  return typeof address === "object" && address !== null ? address.port : 0;
}
