import type { ChildProcess } from "node:child_process";
import { once } from "node:events";
import type { StoreLogger } from "./store-logger.ts";

export interface Supervised {
  pid(): number | undefined;
  /** How often the process came back after it had died on its own. */
  restarts(): number;
  stop(): Promise<void>;
}

export interface SuperviseOptions {
  name: string;
  logger: StoreLogger;
  /** Starts the process and waits until it serves. */
  spawnReady: () => Promise<ChildProcess>;
  askToStop: (child: ChildProcess) => void;
  stopMsMax: number;
}

const backoffMsMin = 100;
const backoffMsMax = 5_000;
const steadyMs = 30_000;

/** Keeps one process running: a crash is followed by a restart, a row of crashes by longer and longer waits. */
export async function supervise(options: SuperviseOptions): Promise<Supervised> {
  let child: ChildProcess | undefined = await options.spawnReady();
  let isStopping = false;
  let restartCount = 0;
  const wake = new AbortController();

  async function watch(): Promise<void> {
    let backoffMs = backoffMsMin;
    while (!isStopping && child !== undefined) {
      const upSince = Date.now();
      await exited(child);
      if (isStopping) return;
      options.logger.warn(
        { exitCode: child.exitCode, signal: child.signalCode },
        `${options.name} died; starting it again`,
      );
      child = undefined;
      if (Date.now() - upSince > steadyMs) backoffMs = backoffMsMin;
      while (!isStopping && child === undefined) {
        try {
          child = await options.spawnReady();
          restartCount++;
          options.logger.info({ pid: child.pid }, `${options.name} is back`);
        } catch (error) {
          options.logger.error(
            { err: error },
            `${options.name} did not start; trying again in ${backoffMs} ms`,
          );
          await pause(backoffMs, wake.signal);
          backoffMs = Math.min(backoffMs * 2, backoffMsMax);
        }
      }
    }
  }
  const watching = watch();

  return {
    pid: () => child?.pid,
    restarts: () => restartCount,
    async stop() {
      if (isStopping) return;
      isStopping = true;
      wake.abort();
      if (child !== undefined) await stopChild(child, options);
      await watching;
      if (child !== undefined) await stopChild(child, options);
    },
  };
}

async function stopChild(child: ChildProcess, options: SuperviseOptions): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const gone = exited(child);
  options.askToStop(child);
  const deadline = setTimeout(() => child.kill("SIGKILL"), options.stopMsMax);
  await gone;
  clearTimeout(deadline);
}

async function exited(child: ChildProcess): Promise<void> {
  if (child.exitCode === null && child.signalCode === null) await once(child, "exit");
}

async function pause(ms: number, signal: AbortSignal): Promise<void> {
  if (signal.aborted) return;
  const { promise, resolve } = Promise.withResolvers<void>();
  const timer = setTimeout(resolve, ms);
  signal.addEventListener("abort", () => resolve(), { once: true });
  await promise;
  clearTimeout(timer);
}
