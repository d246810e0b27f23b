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

/** Uploads rows as the baseline of a version, on the page that is open for it, and waits until it is profiled. */
export async function uploadBaseline(
  page: Page,
  { model, version, prediction, csv }: Record<"model" | "version" | "prediction" | "csv", string>,
): Promise<void> {
  await page.goto(`/w/${product.workspace()}/models/${model}/baselines`);
  await page
    .getByRole("button", { name: /upload/i })
    .first()
    .click();
  await page
    .getByLabel("File")
    .setInputFiles({ name: "training.csv", mimeType: "text/csv", buffer: Buffer.from(csv) });
  await page.getByLabel("Version").fill(version);
  await page.getByLabel("Prediction", { exact: true }).fill(prediction);
  await page.getByRole("button", { name: "Upload", exact: true }).click();
  await expect(page.getByText(/ready/i).first()).toBeVisible({ timeout: 60_000 });
}

/** What a page of the console may do in its workspace, as the signed-in person. */
export async function callApi<T>(
  page: Page,
  method: string,
  path: string,
  body?: object,
): Promise<T> {
  const answer = await page.evaluate(
    async ([method, path, body]) => {
      const response = await fetch(path ?? "", {
        method: method ?? "GET",
        headers: { "content-type": "application/json" },
        ...(body === null || body === undefined ? {} : { body }),
      });
      return { status: response.status, text: await response.text() };
    },
    [
      method,
      `/api/v1/workspaces/${product.workspace()}${path}`,
      body === undefined ? null : JSON.stringify(body),
    ] as const,
  );
  expect(answer.status, answer.text).toBeLessThan(300);
  return answer.text === "" ? (undefined as T) : (JSON.parse(answer.text) as T);
}
