import type { ChildProcess } from "node:child_process";
import { spawn } from "node:child_process";
import { chmodSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { constants, tmpdir } from "node:os";
import { join } from "node:path";
import { credentialsSchema } from "./instance.ts";
import { root } from "./root.ts";

/** Runs a command beside a product of its own: `with-product.ts <command...>`. The product is what `npm start` starts,
 *  without the demo and in a fresh folder; the command finds it through PLUMBLINE_TEST_* and it is gone afterwards.
 *  With PLUMBLINE_TEST_CREDENTIALS naming a credentials.json, the command runs against that installation instead. */
const readyMs = 300_000;

const command = process.argv.slice(2);
const given = process.env.PLUMBLINE_TEST_CREDENTIALS;
process.exitCode = given === undefined ? await runBesideOwn() : await runCommandWith(given, "");

async function runBesideOwn(): Promise<number> {
  const folder = mkdtempSync(join(tmpdir(), "plumbline-test-"));
  chmodSync(folder, 0o711);
  const product = spawn(process.execPath, ["scripts/start.ts"], {
    cwd: root,
    env: { ...process.env, PLUMBLINE_DATA_DIR: folder, PLUMBLINE_DEMO: "off", PORT: "3900" },
    stdio: ["ignore", "pipe", "pipe"],
  });
  try {
    await untilReady(product);
    return await runCommandWith(join(folder, "credentials.json"), folder);
  } finally {
    if (product.exitCode === null) {
      const { promise, resolve } = Promise.withResolvers<void>();
      product.once("exit", () => resolve());
      product.kill("SIGTERM");
      await promise;
    }
    rmSync(folder, { recursive: true, force: true });
  }
}

function runCommandWith(credentialsPath: string, folder: string): Promise<number> {
  const credentials = credentialsSchema.parse(JSON.parse(readFileSync(credentialsPath, "utf8")));
  const [program = "", ...args] = command;
  const { promise, resolve } = Promise.withResolvers<number>();
  const child = spawn(program, args, {
    cwd: root,
    stdio: "inherit",
    env: {
      ...process.env,
      PLUMBLINE_TEST_URL: credentials.url,
      PLUMBLINE_TEST_KEY: credentials.apiKey,
      PLUMBLINE_TEST_EMAIL: credentials.email,
      PLUMBLINE_TEST_PASSWORD: credentials.password,
      PLUMBLINE_TEST_WORKSPACE: credentials.workspace,
      PLUMBLINE_TEST_FOLDER: folder,
    },
  });
  process.on("SIGINT", () => child.kill("SIGINT"));
  process.on("SIGTERM", () => child.kill("SIGTERM"));
  child.once("error", (error) => {
    console.error(error.message);
    resolve(127);
  });
  child.once("exit", (code, signal) =>
    resolve(signal ? 128 + constants.signals[signal] : (code ?? 1)),
  );
  return promise;
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
