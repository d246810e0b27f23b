import { join } from "node:path";
import { AxeBuilder } from "@axe-core/playwright";
import type { Page } from "@playwright/test";
import { expect, test } from "@playwright/test";
import { product, seeded, signIn } from "./product.ts";

/** Where the pictures go that are kept; without it they lie with the test's results. */
const kept = process.env.PLUMBLINE_PICTURES;
const ownModel = "pictured";

const variants = [
  { suffix: "", width: 1440, height: 900, colorScheme: "light" },
  { suffix: "-dark", width: 1440, height: 900, colorScheme: "dark" },
  { suffix: "-phone", width: 390, height: 844, colorScheme: "light" },
  { suffix: "-phone-dark", width: 390, height: 844, colorScheme: "dark" },
] as const;

const modelPages = [
  "",
  "/drift",
  "/performance",
  "/segments",
  "/versions",
  "/fairness",
  "/skew",
  "/skew?feature=distance",
  "/quality",
  "/freshness",
  "/rows",
  "/baselines",
  "/schema",
  "/jobs",
];
const workspacePages = [
  "/incidents",
  "/alerts",
  "/insights",
  "/get-started",
  "/monitors",
  "/monitors/new",
  "/rejections",
  "/system",
  "/settings/keys",
  "/slos",
  "/runbooks",
  "/runbooks/new",
  "/settings/members",
  "/settings/destinations",
  "/settings/deliveries",
  "/settings/teams",
  "/settings/schedules",
  "/settings/escalation",
  "/settings/silences",
  "/settings/actions",
  "/settings/actions?view=runs",
  "/settings/reactions",
  "/settings/workspace",
];

interface Shot {
  name: string;
  path: string;
}

/** What is kept shows the demo, since its data are real; a check uses the workspace that it was given. */
async function findWorkspace(page: Page): Promise<string> {
  if (kept === undefined) return product.workspace();
  const session = await (await page.request.get("/api/v1/session")).json();
  const demo = session.workspaces.find((workspace: { isDemo: boolean }) => workspace.isDemo);
  return demo?.slug ?? product.workspace();
}

/** Every page; of a model's pages those of the first in the fleet. */
async function listShots(page: Page): Promise<Shot[]> {
  const workspace = `/w/${await findWorkspace(page)}`;
  await page.goto(workspace);
  const first = page.locator("[data-row-link]").first();
  await expect(first).toBeVisible({ timeout: 30_000 });
  const model = new URL((await first.getAttribute("href")) ?? "", product.url()).pathname;
  const nameOf = (path: string) => path.slice(1).replaceAll(/[/?=]/g, "-");
  const feature = await findFeature(page, model);
  return [
    { name: "fleet", path: workspace },
    ...modelPages.map((path) => ({ name: nameOf(path) || "overview", path: `${model}${path}` })),
    ...(feature === null ? [] : [{ name: "drift-feature", path: feature }]),
    ...workspacePages.map((path) => ({ name: nameOf(path), path: `${workspace}${path}` })),
  ];
}

/** The worst feature of the drift page, open; null where there is nothing to compare with. */
async function findFeature(page: Page, model: string): Promise<string | null> {
  await page.goto(`${model}/drift`);
  await untilDrawn(page);
  const row = page.locator("[data-row-link]").first();
  if ((await row.count()) === 0) return null;
  await row.click();
  await page.waitForURL(/feature=/);
  return page.url();
}

/** A page has come when it has its answer and nothing on it waits any more. */
async function untilDrawn(page: Page): Promise<void> {
  await expect(page.getByRole("heading", { level: 1 })).toBeVisible();
  await expect(page.locator("[role=status][aria-label*=oading]")).toHaveCount(0);
  await page.waitForLoadState("networkidle").catch(() => undefined);
}

test.beforeAll(async () => {
  if (kept !== undefined) return;
  const random = seeded(11);
  const rows = Array.from({ length: 300 }, (_, index) => ({
    prediction_id: `pictured-${index}`,
    timestamp: new Date(Date.now() - index * 240_000).toISOString(),
    model: ownModel,
    version: index < 150 ? "2" : "1",
    features: {
      distance: Math.round(300 + 900 * random()),
      origin: random() < 0.5 ? "ATL" : "ORD",
    },
    prediction: random() < 0.2 ? "late" : "on_time",
  }));
  const answer = await fetch(`${product.url()}/v1/predictions`, {
    method: "POST",
    headers: { authorization: `Bearer ${product.apiKey()}`, "content-type": "application/json" },
    body: JSON.stringify(rows),
  });
  expect(answer.status).toBe(202);
  const offline = rows.map(({ prediction_id, timestamp, model, features }, index) => ({
    prediction_id,
    timestamp,
    model,
    source: "trips",
    features: index < 60 ? { ...features, distance: features.distance / 1.609344 } : features,
  }));
  const told = await fetch(`${product.url()}/v1/features`, {
    method: "POST",
    headers: { authorization: `Bearer ${product.apiKey()}`, "content-type": "application/json" },
    body: JSON.stringify(offline),
  });
  expect(told.status).toBe(202);
});

for (const { suffix, width, height, colorScheme } of variants) {
  test(`every page is drawn whole at ${width} px, ${colorScheme}, without an error, an overflow or a serious axe finding`, async ({
    browser,
  }, info) => {
    test.setTimeout(300_000);
    const context = await browser.newContext({
      viewport: { width, height },
      colorScheme,
      baseURL: product.url(),
      reducedMotion: "reduce",
    });
    const page = await context.newPage();
    const troubles: string[] = [];
    page.on("pageerror", (error) => troubles.push(`${page.url()}: ${error.message}`));
    await page.goto("/sign-in");
    const shoot = async (name: string) => {
      const file = `${name}${suffix}.png`;
      await page.screenshot({
        path: kept === undefined ? info.outputPath(file) : join(kept, file),
      });
    };
    await shoot("sign-in");
    await signIn(page);
    for (const { name, path } of await listShots(page)) {
      await page.goto(path);
      await untilDrawn(page);
      await shoot(name);
      const overflow = await page.evaluate(
        () => document.documentElement.scrollWidth - window.innerWidth,
      );
      if (overflow > 0) troubles.push(`${name}: ${overflow} px wider than the screen`);
      const { violations } = await new AxeBuilder({ page }).analyze();
      for (const { impact, id, nodes } of violations)
        if (impact === "serious" || impact === "critical")
          troubles.push(`${name}: ${id}: ${nodes[0]?.html}`);
    }
    await context.close();
    expect(troubles).toEqual([]);
  });
}
