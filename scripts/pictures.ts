import { spawn } from "node:child_process";
import { existsSync, mkdirSync } from "node:fs";
import { join } from "node:path";
import { root } from "./root.ts";

/** Photographs every page of the installation that runs, wide and narrow, light and dark, into docs/images. */
const credentials =
  process.env.PLUMBLINE_TEST_CREDENTIALS ?? join(root, ".plumbline", "credentials.json");
if (!existsSync(credentials)) {
  console.error("There is nothing to photograph: start the product first, with `npm start`.");
  process.exit(1);
}
const folder = join(root, "docs", "images");
mkdirSync(folder, { recursive: true });

const child = spawn(
  process.execPath,
  [
    "scripts/with-product.ts",
    process.execPath,
    "node_modules/@playwright/test/cli.js",
    ...["test", "e2e/pictures.spec.ts"],
  ],
  {
    cwd: root,
    stdio: "inherit",
    env: { ...process.env, PLUMBLINE_TEST_CREDENTIALS: credentials, PLUMBLINE_PICTURES: folder },
  },
);
child.once("exit", (code) => {
  process.exitCode = code ?? 1;
});
