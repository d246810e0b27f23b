import { AxeBuilder } from "@axe-core/playwright";
import { expect, test } from "@playwright/test";
import { Plumbline } from "../sdk/typescript/src/index.ts";
import { product, runPython, seeded, signIn, uploadBaseline } from "./product.ts";

const model = "eta";
const rowCount = 1_200;

test("from a key to the drift of a feature: sign in, create a key, log by the SDKs, see it, compare it with a baseline", async ({
  page,
}) => {
  await signIn(page);
  await page.goto(`/w/${product.workspace()}/get-started`);
  await expect(page.getByText("Waiting for the first row")).toBeVisible();
  await page.getByRole("button", { name: "Create a key" }).click();
  await expect(page.getByRole("button", { name: "Copy the key" })).toBeVisible();

  // What stands on the page is run as it stands there.
  const snippet = (await page.locator("pre", { hasText: "import plumbline" }).textContent()) ?? "";
  const apiKey = /api_key="(pl_[^"]+)"/.exec(snippet)?.[1] ?? "";
  expect(apiKey).not.toBe("");
  const loggedMs = performance.now();
  await runPython(snippet);
  await expect(page.getByText(/sent a row/)).toBeVisible({ timeout: 10_000 });
  const seenMs = performance.now() - loggedMs;
  test.info().annotations.push({ type: "seen after", description: `${Math.round(seenMs)} ms` });

  // Traffic by the other SDK: distances in miles where the baseline has kilometres.
  const random = seeded(7);
  const client = new Plumbline({ apiKey, url: product.url(), model, version: "1" });
  for (let index = 0; index < rowCount; index++) {
    client.logPrediction({
      features: {
        distance: Math.round((300 + 900 * random()) * 0.62),
        origin: random() < 0.5 ? "ATL" : "ORD",
      },
      prediction: random() < 0.2 ? "late" : "on_time",
    });
  }
  await client.flush();
  await client.close();

  await page.getByRole("link", { name: "Open the model" }).click();
  await expect(page).toHaveURL(/models\/eta/);
  await expect(page.getByText(/1,?201|1\.2 ?k/i).first()).toBeVisible({ timeout: 60_000 });

  const lines = ["distance,origin,predicted"];
  for (let index = 0; index < 2_000; index++) {
    lines.push(
      `${Math.round(300 + 900 * random())},${random() < 0.5 ? "ATL" : "ORD"},${random() < 0.2 ? "late" : "on_time"}`,
    );
  }
  await uploadBaseline(page, {
    model,
    version: "1",
    prediction: "predicted",
    csv: lines.join("\n"),
  });

  await page.goto(`/w/${product.workspace()}/models/${model}/drift?range=24h`);
  const row = page.getByRole("row", { name: /distance/ }).first();
  await expect(row.getByText("drift", { exact: true })).toBeVisible({ timeout: 60_000 });
  await row.getByText("distance").first().click();
  await expect(page).toHaveURL(/feature=distance/);
  const statistics = page.getByRole("region", { name: "Statistics" });
  await expect(statistics.getByText("n = 1,201 values in the window, m = 2,000")).toBeVisible();
  for (const name of ["PSI", "Kolmogorov-Smirnov", "Wasserstein"])
    await expect(statistics.getByRole("rowheader", { name }).first()).toBeVisible();
  await expect(page.getByRole("region", { name: "What the verdict rests on" })).toContainText(
    "Wasserstein",
  );
  await expect(
    page
      .getByRole("row", { name: /origin/ })
      .first()
      .getByText("no drift"),
  ).toBeVisible();

  // What it is compared with stands in the address: of a day without rows before it, nothing can be said.
  await page.getByRole("button", { name: /^Compare with/ }).click();
  await page.getByRole("button", { name: /the window before/ }).click();
  await expect(page).toHaveURL(/reference=previous/);
  await expect(page.getByRole("heading", { level: 1 })).toContainText("Cannot say");
  await page.goBack();
  await expect(page.getByRole("heading", { level: 1 })).toContainText("drifts");

  const findings = await new AxeBuilder({ page }).analyze();
  expect(
    findings.violations.filter(({ impact }) => impact === "serious" || impact === "critical"),
  ).toEqual([]);

  // On a phone a map of many hours is wider than the screen: it shows the newest, until the reader looks further back.
  await page.setViewportSize({ width: 390, height: 844 });
  await page.goto(`/w/${product.workspace()}/models/${model}/quality`);
  const map = page.getByRole("application", { name: /^Bad rows over time/ });
  const left = () => map.evaluate((element) => element.scrollLeft);
  const leftMax = () => map.evaluate(({ scrollWidth, clientWidth }) => scrollWidth - clientWidth);
  const choose = async (range: string, name: string) => {
    await page.getByRole("button", { name: /^Time range/ }).click();
    const answer = page.waitForResponse(new RegExp(`/quality\\?.*range=${range}`));
    await page.getByRole("button", { name, exact: true }).click();
    await answer;
  };
  await expect.poll(left).toBeGreaterThan(0);
  const weekMax = await leftMax();
  await expect.poll(left).toBe(weekMax);
  await choose("30d", "30 days");
  await expect.poll(leftMax).toBe(0);
  await choose("7d", "7 days");
  await expect.poll(left).toBe(weekMax);
  await map.evaluate((element) => element.scrollTo({ left: 3 }));
  await page.setViewportSize({ width: 360, height: 844 });
  await expect.poll(leftMax).toBeGreaterThan(weekMax);
  await page.evaluate(() => new Promise((drawn) => requestAnimationFrame(drawn)));
  expect(await left()).toBe(3);
});

test("a row logged by curl is found by its id, and a refused one says why", async ({ page }) => {
  const id = "by-hand-1";
  const timestamp = new Date().toISOString();
  const answer = await fetch(`${product.url()}/v1/predictions`, {
    method: "POST",
    headers: { authorization: `Bearer ${product.apiKey()}`, "content-type": "application/json" },
    body: JSON.stringify([
      {
        model: "by-hand",
        prediction_id: id,
        timestamp,
        features: { zip: "00728" },
        prediction: 3.5,
      },
      {
        model: "by-hand",
        prediction_id: "by-hand-2",
        timestamp,
        features: { zip: ["00728"] },
        prediction: 3.5,
      },
    ]),
  });
  expect(answer.status).toBe(202);
  expect(await answer.json()).toMatchObject({
    accepted: 1,
    rejected: [{ index: 1, path: "features.zip" }],
  });

  await signIn(page);
  await page.goto(`/w/${product.workspace()}/models/by-hand/rows?predictionId=${id}`);
  await expect(page.getByText(id).first()).toBeVisible({ timeout: 15_000 });
  await page.goto(`/w/${product.workspace()}/rejections`);
  await expect(page.getByText("features.zip").first()).toBeVisible({ timeout: 15_000 });
});

test("a sign-in that is sent before the page's code runs puts no password in an address", async ({
  browser,
}) => {
  const context = await browser.newContext({ javaScriptEnabled: false });
  const page = await context.newPage();
  await page.goto("/sign-in");
  await page.getByLabel("E-mail").fill("somebody@example.com");
  await page.getByLabel("Password").fill("correct horse");
  await page.keyboard.press("Enter");
  await expect(page.getByRole("button", { name: "Sign in" })).toBeDisabled();
  expect(page.url()).not.toContain("horse");
  await context.close();
});
