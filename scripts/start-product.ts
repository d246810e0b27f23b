import type { ChildProcess } from "node:child_process";
import { spawn } from "node:child_process";
import { chmodSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Credentials } from "./instance.ts";
import { credentialsSchema } from "./instance.ts";
import { root } from "./root.ts";

const readyMs = 300_000;

export interface StartedProduct {
  folder: string;
  credentials: Credentials;
  /** Ends every process of it and removes its folder. */
  stop(): Promise<void>;
}

export const readCredentialsFile = (path: string): Credentials =>
  credentialsSchema.parse(JSON.parse(readFileSync(path, "utf8")));

/** What `npm start` starts, without the demo and in a fresh folder: for journeys and for measurements. */
export async function startProduct(port: number): Promise<StartedProduct> {
  const folder = mkdtempSync(join(tmpdir(), "plumbline-test-"));
  chmodSync(folder, 0o711);
  const product = spawn(process.execPath, ["scripts/start.ts"], {
    cwd: root,
    env: {
      ...process.env,
      PLUMBLINE_DATA_DIR: folder,
      PLUMBLINE_DEMO: "off",
      // Journeys stand in for Slack and PagerDuty on this machine.
      PLUMBLINE_ALLOWED_PRIVATE_HOSTS: "127.0.0.1",
      PORT: String(port),
    },
    stdio: ["ignore", "pipe", "pipe"],
  });
  const stop = async () => {
    if (product.exitCode === null) {
      const { promise, resolve } = Promise.withResolvers<void>();
      product.once("exit", () => resolve());
      product.kill("SIGTERM");
      await promise;
    }
    rmSync(folder, { recursive: true, force: true });
  };
  try {
    await untilReady(product);
    return { folder, credentials: readCredentialsFile(join(folder, "credentials.json")), stop };
  } catch (error) {
    await stop();
    throw error;
  }
}

function untilReady(product: ChildProcess): Promise<void> {
  const { promise, resolve, reject } = Promise.withResolvers<void>();
  const said: string[] = [];
  const timer = setTimeout(() => {
    reject(new Error(`The product was not ready after ${readyMs / 1000} s:\n${said.join("")}`));
  }, readyMs);
  const listen = (chunk: Buffer) => {
    said.push(chunk.toString());
    if (!said.join("").includes("Ready.")) return;
    clearTimeout(timer);
    resolve();
  };
  product.stdout?.on("data", listen);
  product.stderr?.on("data", listen);
  product.once("exit", (code) => {
    clearTimeout(timer);
    reject(new Error(`The product stopped with code ${code}:\n${said.join("")}`));
  });
  return promise;
}
