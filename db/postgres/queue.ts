import { PgBoss } from "pg-boss";

export interface QueuedJob {
  id: string;
  payload: unknown;
  retryCount: number;
  signal: AbortSignal;
}

export interface QueueRules {
  name: string;
  /** Five fields, UTC; null: only when something enqueues it. */
  cron: string | null;
  timeoutMs: number;
  retriesMax: number;
  /** How many of this queue one process works on at a time. */
  concurrency: number;
}

export interface JobQueue {
  start(): Promise<void>;
  /** Makes the queue and begins to work on it. */
  work(rules: QueueRules, handle: (job: QueuedJob) => Promise<void>): Promise<void>;
  /** At most one job per key is queued or running; answers whether this one was taken. */
  send(name: string, payload: object, key: string): Promise<boolean>;
  /** Jobs that used up their retries. */
  countDead(): Promise<number>;
  /** Lets running jobs end. */
  stop(timeoutMs: number): Promise<void>;
}

export interface QueueOptions {
  url: string;
  application: string;
  onError: (error: Error) => void;
}

const deadLetters = "dead-letters";
const pollSeconds = 2;
/** A job of which nothing was heard for so long was left behind by a process that is gone; another one takes it. */
const heartbeatSeconds = 30;
const superviseSeconds = 15;

export function createQueue({ url, application, onError }: QueueOptions): JobQueue {
  const boss = new PgBoss({
    connectionString: url,
    application_name: application,
    schema: "pgboss",
    max: 4,
    cronMonitorIntervalSeconds: 15,
    cronWorkerIntervalSeconds: 5,
    superviseIntervalSeconds: superviseSeconds,
    monitorIntervalSeconds: superviseSeconds,
  });
  boss.on("error", onError);
  return {
    async start() {
      await boss.start();
      await boss.createQueue(deadLetters, { retentionSeconds: 30 * 86_400 });
    },
    async work(rules, handle) {
      const { name, cron } = rules;
      const options = {
        expireInSeconds: Math.ceil(rules.timeoutMs / 1000),
        retryLimit: rules.retriesMax,
        retryDelay: 10,
        retryBackoff: true,
        deleteAfterSeconds: 86_400,
        heartbeatSeconds,
      };
      await boss.createQueue(name, { ...options, policy: "exclusive", deadLetter: deadLetters });
      await boss.updateQueue(name, options);
      if (cron === null) await boss.unschedule(name);
      else await boss.schedule(name, cron, {}, { tz: "UTC", singletonKey: "cron" });
      const workOptions = {
        localConcurrency: rules.concurrency,
        pollingIntervalSeconds: pollSeconds,
        heartbeatRefreshSeconds: heartbeatSeconds / 4,
      };
      await boss.work<unknown>(name, workOptions, async (jobs) => {
        for (const { id, data, retryCount, signal } of jobs)
          await handle({ id, payload: data, retryCount, signal });
      });
    },
    async send(name, payload, key) {
      return (await boss.send(name, payload, { singletonKey: key })) !== null;
    },
    async countDead() {
      const queue = await boss.getQueue(deadLetters);
      return queue?.queuedCount ?? 0;
    },
    stop: (timeoutMs) => boss.stop({ graceful: true, close: true, timeout: timeoutMs }),
  };
}
