import { execFile } from "node:child_process";
import { dirname, join } from "node:path";
import { promisify } from "node:util";
import type { Page } from "@playwright/test";
import { expect } from "@playwright/test";

/** The installation under test, handed over by scripts/with-product.ts. */
function given(name: string): string {
  const value = process.env[`PLUMBLINE_TEST_${name}`];
  if (value === undefined)
    throw new Error(`PLUMBLINE_TEST_${name} is not set: run the journeys by \`npm run e2e\`.`);
  return value;
}

export const product = {
  url: () => given("URL"),
  workspace: () => given("WORKSPACE"),
  apiKey: () => given("KEY"),
  email: () => given("EMAIL"),
  password: () => given("PASSWORD"),
};

const root = dirname(import.meta.dirname);

export async function signIn(page: Page): Promise<void> {
  await page.goto("/sign-in");
  await page.getByLabel("E-mail").fill(product.email());
  await page.getByLabel("Password").fill(product.password());
  await page.getByRole("button", { name: "Sign in" }).click();
  await expect(page).toHaveURL(/\/w\//);
}

const run = promisify(execFile);

/** Runs Python source with the SDK of this tree, as it stands on the Get started page. */
export function runPython(source: string): Promise<unknown> {
  return run("python3", ["-c", source], {
    cwd: root,
    env: { ...process.env, PYTHONPATH: join(root, "sdk/python") },
    timeout: 30_000,
  });
}

/** A sequence that is the same in every run. */
export function seeded(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state * 1_664_525 + 1_013_904_223) % 4_294_967_296;
    return state / 4_294_967_296;
  };
}
