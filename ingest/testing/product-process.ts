import type { ChildProcess } from "node:child_process";
import { spawn } from "node:child_process";
import { once } from "node:events";
import { closeSync, openSync } from "node:fs";
import { createServer } from "node:net";
import { setTimeout as pause } from "node:timers/promises";
import { fileURLToPath } from "node:url";

export interface ProductProcessSpec {
  /** From the root of the project: `ingest/main.ts`. */
  script: string;
  args?: string[];
  env: { NODE_ENV: "test" } & Record<string, string>;
  /** Answers 200 once the process serves. */
  healthUrl: string;
  logPath: string;
}

const readyMsMax = 30_000;

/** One of the product's own processes, to be killed and started again as whoever supervises it would. */
export class ProductProcess {
  readonly #spec: ProductProcessSpec;
  #child: ChildProcess | null = null;

  constructor(spec: ProductProcessSpec) {
    this.#spec = spec;
    process.once("exit", () => this.#child?.kill("SIGKILL"));
  }

  start(env: Record<string, string> = {}): void {
    const { script, args = [], logPath } = this.#spec;
    const log = openSync(logPath, "a");
    this.#child = spawn(process.execPath, [script, ...args], {
      cwd: fileURLToPath(new URL("../..", import.meta.url)),
      env: { ...this.#spec.env, ...env },
      stdio: ["ignore", log, log],
    });
    closeSync(log);
  }

  /** A process that had died on its own is a failure of the product, not a kill. */
  async kill(): Promise<void> {
    const child = this.#running();
    const gone = once(child, "exit");
    child.kill("SIGKILL");
    const [, signal] = await gone;
    if (signal !== "SIGKILL") throw new Error(`${this.#spec.script} died before it was killed.`);
  }

  async ready(): Promise<void> {
    const deadline = performance.now() + readyMsMax;
    while (performance.now() < deadline) {
      this.#running();
      const answer = await fetch(this.#spec.healthUrl).catch(() => null);
      await answer?.body?.cancel();
      if (answer?.ok === true) return;
      await pause(20);
    }
    throw new Error(`${this.#spec.script} was not ready in time; its log is ${this.#spec.logPath}`);
  }

  async stop(): Promise<void> {
    const child = this.#child;
    if (child === null || child.exitCode !== null || child.signalCode !== null) return;
    const gone = once(child, "exit");
    child.kill("SIGTERM");
    await gone;
  }

  #running(): ChildProcess {
    const { script, logPath } = this.#spec;
    const child = this.#child;
    if (child === null) throw new Error(`${script} was never started.`);
    if (child.exitCode !== null || child.signalCode !== null)
      throw new Error(`${script} died on its own; its log is ${logPath}`);
    return child;
  }
}

/** A port that was free a moment ago: a process that is started again must answer where it did before. */
export async function freePort(): Promise<number> {
  const server = createServer();
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const address = server.address();
  server.close();
  await once(server, "close");
  if (typeof address !== "object" || address === null) throw new Error("No port is free.");
  return address.port;
}
