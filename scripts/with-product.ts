import { spawn } from "node:child_process";
import { constants } from "node:os";
import type { Credentials } from "./instance.ts";
import { root } from "./root.ts";
import { readCredentialsFile, startProduct } from "./start-product.ts";

/** Runs a command beside a product of its own: `with-product.ts <command...>`. The product is what `npm start` starts,
 *  without the demo and in a fresh folder; the command finds it through PLUMBLINE_TEST_* and it is gone afterwards.
 *  With PLUMBLINE_TEST_CREDENTIALS naming a credentials.json, the command runs against that installation instead. */
const command = process.argv.slice(2);
const given = process.env.PLUMBLINE_TEST_CREDENTIALS;
process.exitCode =
  given === undefined ? await runBesideOwn() : await runCommandWith(readCredentialsFile(given), "");

async function runBesideOwn(): Promise<number> {
  const product = await startProduct(3900);
  try {
    return await runCommandWith(product.credentials, product.folder);
  } finally {
    await product.stop();
  }
}

function runCommandWith(credentials: Credentials, folder: string): Promise<number> {
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
