import type { Browser, BrowserContext, Page } from "@playwright/test";
import { chromium } from "@playwright/test";
import { findBrowser } from "../scripts/find-browser.ts";
import type { Credentials } from "../scripts/instance.ts";
import type { StartedProduct } from "../scripts/start-product.ts";
import { readCredentialsFile, startProduct } from "../scripts/start-product.ts";
import type { Bench, BenchResult } from "./bench-result.ts";
import { seededRandom } from "./prediction-rows.ts";

const beforePaintMax = 200_000;
const inAllMax = 320_000;
const largestPaintMaxMs = 1_500;
const runs = 3;
const rowCount = 4_000;
const quietMs = 1_000;
const settledMs = 60_000;
const model = "weighed";

export const bench: Bench = {
  name: "page-weight",
  description:
    "Compressed script of every page of the console, and its largest contentful paint on a cold cache",
  run,
};

interface Weighed {
  beforePaint: number;
  inAll: number;
  largestPaintMs: number;
}

/** Weighs the installation that PLUMBLINE_TEST_CREDENTIALS names, or one of its own with a model that has drifted. */
async function run(): Promise<BenchResult> {
  const found = findBrowser();
  if (found === null) throw new Error("There is no Chromium to load the pages in.");
  const given = process.env.PLUMBLINE_TEST_CREDENTIALS;
  const own = given === undefined ? await startProduct(3910) : null;
  const credentials = own?.credentials ?? readCredentialsFile(given ?? "");
  const browser = await chromium.launch({
    executablePath: found.executablePath,
    args: ["--no-sandbox", "--disable-gpu", "--disable-background-networking"],
  });
  try {
    return await weighAll(browser, credentials, own);
  } finally {
    await browser.close();
    await own?.stop();
  }
}

async function weighAll(
  browser: Browser,
  credentials: Credentials,
  own: StartedProduct | null,
): Promise<BenchResult> {
  const session = await browser.newContext({ baseURL: credentials.url });
  await signIn(session, credentials);
  if (own !== null) await fill(session, credentials);
  const pages = await listPages(session, credentials.workspace);
  const storageState = await session.storageState();
  await session.close();

  const result: BenchResult = { name: "page-weight", rows: [], budgets: [] };
  const worst: Weighed = { beforePaint: 0, inAll: 0, largestPaintMs: 0 };
  for (const { name, path, isSignedIn } of pages) {
    const each: Weighed[] = [];
    for (let index = 0; index < runs; index += 1) {
      // A context of its own has a cache of its own, which is empty.
      const context = await browser.newContext({
        baseURL: credentials.url,
        viewport: { width: 1440, height: 900 },
        ...(isSignedIn && { storageState }),
      });
      each.push(await weigh(await context.newPage(), path));
      await context.close();
    }
    const weighed: Weighed = {
      beforePaint: medianOf(each.map((one) => one.beforePaint)),
      inAll: medianOf(each.map((one) => one.inAll)),
      largestPaintMs: medianOf(each.map((one) => one.largestPaintMs)),
    };
    worst.beforePaint = Math.max(worst.beforePaint, weighed.beforePaint);
    worst.inAll = Math.max(worst.inAll, weighed.inAll);
    worst.largestPaintMs = Math.max(worst.largestPaintMs, weighed.largestPaintMs);
    result.rows.push({
      page: name,
      "before paint, kB": kB(weighed.beforePaint),
      "of the goal": (weighed.beforePaint / beforePaintMax).toFixed(2),
      "in all, kB": kB(weighed.inAll),
      "of its goal": (weighed.inAll / inAllMax).toFixed(2),
      "largest paint, ms": weighed.largestPaintMs.toFixed(0),
    });
  }
  result.budgets.push(
    {
      what: "compressed script before the first paint, heaviest page",
      goal: `<= ${kB(beforePaintMax)} kB`,
      value: `${kB(worst.beforePaint)} kB`,
      met: worst.beforePaint <= beforePaintMax,
    },
    {
      what: "compressed script in all, heaviest page",
      goal: `<= ${kB(inAllMax)} kB`,
      value: `${kB(worst.inAll)} kB`,
      met: worst.inAll <= inAllMax,
    },
    {
      what: "largest contentful paint on a cold cache, slowest page",
      goal: `<= ${largestPaintMaxMs} ms`,
      value: `${worst.largestPaintMs.toFixed(0)} ms`,
      met: worst.largestPaintMs <= largestPaintMaxMs,
    },
  );
  return result;
}

/** Before the first paint counts what the document itself asks for, whether or not the paint waited for it, and
 *  what else had come by then. */
async function weigh(page: Page, path: string): Promise<Weighed> {
  await page.addInitScript(() => {
    new PerformanceObserver((list) => {
      const last = list.getEntries().at(-1);
      if (last !== undefined) Object.assign(window, { largestPaintMs: last.startTime });
    }).observe({ type: "largest-contentful-paint", buffered: true });
  });
  const response = await page.goto(path, { waitUntil: "load" });
  const html = (await response?.text()) ?? "";
  await page.getByRole("heading", { level: 1 }).waitFor({ timeout: settledMs });
  await page
    .locator("[role=status][aria-label*=oading]")
    .first()
    .waitFor({ state: "detached", timeout: settledMs });
  await page.waitForFunction(isQuiet, quietMs, { timeout: settledMs });
  const named = [...html.matchAll(/<script\b[^>]*?\bsrc="([^"]+)"[^>]*>/g)]
    .filter(([tag]) => !/\bnomodule\b/i.test(tag))
    .map(([, source = ""]) => new URL(source, page.url()).href);
  const { scripts, firstPaintMs, largestPaintMs } = await page.evaluate(() => ({
    scripts: performance
      .getEntriesByType("resource")
      .filter((entry): entry is PerformanceResourceTiming => "encodedBodySize" in entry)
      .filter(({ name }) => new URL(name).pathname.endsWith(".js"))
      .map(({ name, encodedBodySize, responseEnd }) => ({ name, encodedBodySize, responseEnd })),
    firstPaintMs: performance.getEntriesByName("first-contentful-paint")[0]?.startTime ?? 0,
    largestPaintMs: Number(Reflect.get(window, "largestPaintMs")),
  }));
  const early = scripts.filter(
    ({ name, responseEnd }) => named.includes(name) || responseEnd <= firstPaintMs,
  );
  return { beforePaint: bytesOf(early), inAll: bytesOf(scripts), largestPaintMs };
}

/** In the page: nothing is waited for and nothing has come for a while, so that what is loaded lazily is there. */
function isQuiet(forMs: number): boolean {
  if (document.querySelector("[role=status][aria-label*=oading]") !== null) return false;
  const last = Math.max(
    ...performance
      .getEntriesByType("resource")
      .map(({ startTime, duration }) => startTime + duration),
  );
  return performance.now() - last > forMs;
}

const bytesOf = (scripts: readonly { encodedBodySize: number }[]) =>
  scripts.reduce((total, { encodedBodySize }) => total + encodedBodySize, 0);

async function signIn(context: BrowserContext, credentials: Credentials): Promise<void> {
  const page = await context.newPage();
  await page.goto("/sign-in");
  await page.getByLabel("E-mail").fill(credentials.email);
  await page.getByLabel("Password").fill(credentials.password);
  await page.getByRole("button", { name: "Sign in" }).click();
  await page.waitForURL(/\/w\//);
  await page.close();
}

/** A week of a model whose distances have shrunk since its baseline, so that no page is empty. */
async function fill(context: BrowserContext, credentials: Credentials): Promise<void> {
  const random = seededRandom(5);
  const features = (scale: number) => ({
    distance: Math.round((300 + 900 * random()) * scale),
    origin: random() < 0.5 ? "ATL" : "ORD",
  });
  const now = Date.now();
  const rows = Array.from({ length: rowCount }, (_, index) => ({
    model,
    version: "1",
    prediction_id: `weighed-${index}`,
    timestamp: new Date(now - (index / rowCount) * 6.5 * 86_400_000).toISOString(),
    features: features(0.62),
    prediction: random() < 0.2 ? "late" : "on_time",
  }));
  const logged = await fetch(`${credentials.url}/v1/predictions?ack=stored`, {
    method: "POST",
    headers: {
      authorization: `Bearer ${credentials.apiKey}`,
      "content-type": "application/json",
    },
    body: JSON.stringify(rows),
  });
  if (logged.status !== 202) throw new Error(`The rows were answered with ${logged.status}.`);

  const base = `/api/v1/workspaces/${credentials.workspace}/models/${model}`;
  const lines = Array.from({ length: 2_000 }, () => {
    const { distance, origin } = features(1);
    return `${distance},${origin},${random() < 0.2 ? "late" : "on_time"}`;
  });
  const uploaded = await context.request.post(
    `${base}/baselines?version=1&format=csv&mapping=${encodeURIComponent('{"prediction":"predicted"}')}`,
    {
      headers: { "content-type": "application/octet-stream", origin: credentials.url },
      data: Buffer.from(["distance,origin,predicted", ...lines].join("\n")),
    },
  );
  if (uploaded.status() !== 202)
    throw new Error(
      `The baseline was answered with ${uploaded.status()}: ${await uploaded.text()}`,
    );
  const page = await context.newPage();
  await page.goto(`/w/${credentials.workspace}/models/${model}/drift`);
  await page
    .getByRole("row", { name: /distance/ })
    .first()
    .waitFor({ timeout: settledMs });
  await page.close();
}

interface ListedPage {
  name: string;
  path: string;
  isSignedIn: boolean;
}

/** Every page; of a model's pages those of the first in the fleet, with a feature open where one can be. */
async function listPages(context: BrowserContext, workspace: string): Promise<ListedPage[]> {
  const page = await context.newPage();
  const home = `/w/${workspace}`;
  await page.goto(home);
  const first = page.locator("[data-row-link]").first();
  await first.waitFor({ timeout: settledMs });
  const modelPath = new URL((await first.getAttribute("href")) ?? "", page.url()).pathname;
  await page.goto(`${modelPath}/drift`);
  const row = page.locator("[data-row-link]").first();
  await row.waitFor({ timeout: settledMs });
  await row.click();
  await page.waitForURL(/feature=/);
  const opened = new URL(page.url());
  await page.close();
  const signedIn = (name: string, path: string) => ({ name, path, isSignedIn: true });
  return [
    { name: "sign in", path: "/sign-in", isSignedIn: false },
    signedIn("fleet", home),
    signedIn("overview", modelPath),
    signedIn("drift, a feature open", `${opened.pathname}${opened.search}`),
    ...["drift", "performance", "freshness", "rows", "baselines", "schema"].map((name) =>
      signedIn(name, `${modelPath}/${name}`),
    ),
    ...["get-started", "rejections", "system"].map((name) => signedIn(name, `${home}/${name}`)),
    ...["keys", "members", "workspace"].map((name) =>
      signedIn(`settings: ${name}`, `${home}/settings/${name}`),
    ),
  ];
}

const medianOf = (values: readonly number[]) =>
  values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)] ?? 0;

const kB = (bytes: number) => (bytes / 1_000).toFixed(1);
