import type { ChildProcess } from "node:child_process";
import { spawn } from "node:child_process";
import { openRotatingLog } from "./rotating-log.ts";

export interface ServiceSpec {
  name: string;
  args: string[];
  env: Record<string, string | undefined>;
  /** Answers 200 when it can work. */
  readyUrl: string;
  readyMs: number;
}

export interface RunningService {
  name: string;
  pid(): number | undefined;
  stop(): Promise<void>;
}

const restartMsMax = 10_000;
const stopMs = 15_000;

/** Runs one process of the product, keeps its log in a file, and starts it again when it dies; resolves when it is ready. */
export async function superviseService(
  spec: ServiceSpec,
  folders: { root: string; logs: string },
  say: (line: string) => void,
): Promise<RunningService> {
  const write = openRotatingLog(folders.logs, spec.name);
  let child: ChildProcess | undefined;
  let isStopping = false;
  let restartMs = 250;
  let restartTimer: NodeJS.Timeout | undefined;

  const start = () => {
    const startedMs = performance.now();
    child = spawn(process.execPath, spec.args, {
      cwd: folders.root,
      env: { ...process.env, ...spec.env },
      stdio: ["ignore", "pipe", "pipe"],
      // Its own group: Ctrl-C reaches this process alone, which then stops the others in order.
      detached: true,
    });
    child.stdout?.on("data", write);
    child.stderr?.on("data", write);
    // A process that could not be started never exits: it is tried again all the same.
    child.on("error", (error) => {
      write(Buffer.from(`${error.message}\n`));
      if (child?.pid === undefined && !isStopping) restartTimer = setTimeout(start, restartMsMax);
    });
    stopWithParent(child);
    child.on("exit", (code, signal) => {
      if (isStopping) return;
      if (performance.now() - startedMs > 60_000) restartMs = 250;
      say(
        `${spec.name} stopped (${signal ?? `code ${code}`}); starting it again. Its log: ${folders.logs}/${spec.name}.log`,
      );
      restartTimer = setTimeout(start, restartMs);
      restartMs = Math.min(restartMs * 2, restartMsMax);
    });
  };
  start();

  const stop = async () => {
    isStopping = true;
    clearTimeout(restartTimer);
    const running = child;
    if (running === undefined || running.exitCode !== null || running.signalCode !== null) return;
    const { promise, resolve } = Promise.withResolvers<void>();
    running.once("exit", () => resolve());
    running.kill("SIGTERM");
    const force = setTimeout(() => running.kill("SIGKILL"), stopMs);
    await promise;
    clearTimeout(force);
  };

  try {
    await untilReady(spec);
  } catch (error) {
    await stop();
    throw new Error(
      `${spec.name} was not ready after ${spec.readyMs / 1000} s; its log is ${folders.logs}/${spec.name}.log`,
      { cause: error },
    );
  }
  return { name: spec.name, pid: () => child?.pid, stop };
}

/** A shell that reads from this process until it ends, however it ends, and then asks the child to stop: one that lived
 *  on would keep the ports and the log of the next start. */
function stopWithParent(child: ChildProcess): void {
  if (child.pid === undefined) return;
  const script = 'while read -r _; do :; done; kill -TERM "$1" 2>/dev/null';
  const watchdog = spawn("/bin/sh", ["-c", script, "plumbline-watchdog", String(child.pid)], {
    stdio: ["pipe", "ignore", "ignore"],
    detached: true,
  });
  watchdog.on("error", () => undefined);
  watchdog.unref();
  child.once("exit", () => watchdog.kill("SIGKILL"));
}

async function untilReady(spec: ServiceSpec): Promise<void> {
  const deadline = performance.now() + spec.readyMs;
  for (;;) {
    try {
      const answer = await fetch(spec.readyUrl, { signal: AbortSignal.timeout(2_000) });
      if (answer.ok) return;
      await answer.body?.cancel();
    } catch {
      // Not listening yet.
    }
    if (performance.now() > deadline) throw new Error(`${spec.readyUrl} did not answer.`);
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
}
