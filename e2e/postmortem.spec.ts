import { AxeBuilder } from "@axe-core/playwright";
import type { Page } from "@playwright/test";
import { expect, test } from "@playwright/test";
import { callApi, product, signIn } from "./product.ts";

/** Of its own in every run, so that it may be run again beside what it left. */
const model = `looked-back-at-${Date.now().toString(36).slice(-5)}`;
const sliceMs = 300_000;
const hourMs = 3_600_000;

async function picture(page: Page, name: string): Promise<void> {
  for (const [suffix, width, height, colorScheme] of [
    ["", 1440, 900, "light"],
    ["-dark", 1440, 900, "dark"],
    ["-phone", 390, 844, "light"],
    ["-phone-dark", 390, 844, "dark"],
  ] as const) {
    await page.emulateMedia({ colorScheme });
    await page.setViewportSize({ width, height });
    await page.screenshot({ path: test.info().outputPath(`${name}${suffix}.png`), fullPage: true });
  }
  await page.emulateMedia({ colorScheme: "light" });
  await page.setViewportSize({ width: 1440, height: 900 });
  const { violations } = await new AxeBuilder({ page }).analyze();
  expect.soft(violations.map(({ id, nodes }) => `${id}: ${nodes[0]?.html ?? ""}`)).toEqual([]);
}

/** Twelve hours of rows; of one of them nine in ten have no distance. */
async function logRows(endMs: number, faultMs: number): Promise<void> {
  const rows = Array.from({ length: 144 }, (_, slice) =>
    Array.from({ length: 12 }, (_, i) => {
      const timeMs = endMs - (144 - slice) * sliceMs + i * 20_000;
      const isMissing = timeMs >= faultMs && timeMs < faultMs + hourMs && i % 10 !== 0;
      return {
        prediction_id: `looked-${slice}-${i}`,
        timestamp: new Date(timeMs).toISOString(),
        model,
        version: "1",
        features: isMissing ? { hour: slice } : { hour: slice, distance: 100 + i },
        prediction: i % 3,
      };
    }),
  ).flat();
  const answer = await fetch(`${product.url()}/v1/predictions`, {
    method: "POST",
    headers: { authorization: `Bearer ${product.apiKey()}`, "content-type": "application/json" },
    body: JSON.stringify(rows),
  });
  expect(await answer.json()).toMatchObject({ accepted: rows.length });
}

test("an incident is looked back at: two write at once, what would have found it is replayed, it is published, and an item is held to its test", async ({
  page,
  browser,
}) => {
  test.setTimeout(420_000);
  const endMs = Math.floor(Date.now() / sliceMs) * sliceMs;
  const faultMs = endMs - 4 * hourMs;
  await logRows(endMs, faultMs);
  await signIn(page);
  const home = `/w/${product.workspace()}`;
  await expect(async () => {
    await page.goto(`${home}/models/${model}/quality`);
    await expect(page.getByText("distance").first()).toBeVisible({ timeout: 5_000 });
  }).toPass({ timeout: 90_000 });
  await callApi(page, "POST", "/monitors", {
    model,
    monitor: {
      name: "Distance is missing",
      kind: "quality",
      definition: {
        statistic: "missing_share",
        target: { kind: "feature", feature: "distance" },
        window: "5m",
        cadence: "5m",
        threshold: { kind: "fixed", direction: "above", fire: 0.5, clear: 0.2 },
        sampleMin: 5,
        settleSeconds: 0,
      },
      fireCount: 2,
      windowCount: 3,
      clearCount: 2,
    },
  });
  const { number } = await callApi<{ number: number }>(page, "POST", "/incidents", {
    title: "Distances were missing",
    reason: "arrivals were late",
    severity: "sev2",
    causeClass: "data_quality",
    model,
  });
  await callApi(page, "POST", `/incidents/${number}/actions`, {
    action: "resolve",
    reason: "the feed sends them again",
  });
  const { revision } = await callApi<{ revision: number }>(page, "GET", `/incidents/${number}`);
  await callApi(page, "PATCH", `/incidents/${number}`, {
    revision,
    impactStartedAt: new Date(faultMs).toISOString(),
    detectedAt: new Date(faultMs + 0.75 * hourMs).toISOString(),
    mitigatedAt: new Date(faultMs + hourMs).toISOString(),
    reason: "by the logs of the feed",
  });

  await page.goto(`${home}/incidents/${number}`);
  await page.getByRole("button", { name: "Draft the postmortem" }).click();
  await expect(page).toHaveURL(`${home}/postmortems/${number}`);
  const section = (name: string) => page.getByRole("region", { name, exact: true });
  await expect(section("Impact").getByText("144").first()).toBeVisible();
  await picture(page, "postmortem-draft");

  // Two browsers in one section: nothing of either is lost.
  const other = await (await browser.newContext()).newPage();
  await signIn(other);
  await other.goto(`${home}/postmortems/${number}`);
  await page.getByRole("button", { name: "Edit Response and resolution" }).click();
  await page.getByRole("textbox", { name: "Response and resolution" }).fill("First words.");
  await other.getByRole("button", { name: "Edit Response and resolution" }).click();
  await other.getByRole("textbox", { name: "Response and resolution" }).fill("Other words.");
  await other.getByRole("button", { name: "Save", exact: true }).click();
  await expect(other.getByText("Other words.")).toBeVisible();
  await page.reload();
  await expect(page.getByRole("textbox", { name: "Response and resolution" })).toHaveValue(
    "First words.",
  );
  await section("Response and resolution").getByRole("button", { name: "Save" }).click();
  await expect(page.getByText("Nothing of yours is lost")).toBeVisible();
  await picture(page, "postmortem-conflict");
  await page.getByRole("button", { name: "Put both in the editor" }).click();
  await expect(page.getByRole("textbox", { name: "Response and resolution" })).toHaveValue(
    "Other words.\n\nFirst words.",
  );
  await section("Response and resolution").getByRole("button", { name: "Save" }).click();
  await expect(page.getByText("First words.")).toBeVisible();
  await other.context().close();

  // Causes: several, with their class; a hint where somebody is blamed.
  await page.getByRole("button", { name: "Edit Contributing factors" }).click();
  await page.getByRole("button", { name: "Add a factor" }).click();
  await page
    .getByRole("textbox", { name: "Factor 1" })
    .fill("The feed dropped the column, and the reviewer should have seen it");
  await expect(page.getByText("“should have seen”")).toBeVisible();
  await page.getByRole("textbox", { name: "Factor 1" }).fill("The feed dropped the column");
  await section("Contributing factors").getByRole("button", { name: "Save" }).click();
  await expect(section("Contributing factors").getByText("Data source")).toBeVisible();

  await page.getByRole("button", { name: "Replay what would have fired" }).click();
  await expect(page.getByText(/would have fired 10\smin after the impact began/)).toBeVisible({
    timeout: 60_000,
  });

  // What follows, and how to tell that it is done.
  await page.getByRole("button", { name: "Add an action item" }).click();
  await page.getByLabel("What is to be done").fill("Page when distances are missing");
  await page.getByRole("dialog").getByText("A monitor", { exact: true }).click();
  await page.getByRole("button", { name: /^Monitor:/ }).click();
  await page.getByRole("menuitem", { name: `Distance is missing ${model}` }).click();
  await page.getByLabel("Found within, in minutes").fill("15");
  await page.getByLabel("Due").fill("2030-01-15");
  await picture(page, "action-item-dialog");
  await page.getByRole("dialog").getByRole("button", { name: "Save" }).click();
  const items = section("Action items").getByRole("list");
  await expect(items.getByText("no owner")).toBeVisible();
  await expect(page.getByText(/has no owner/).first()).toBeVisible();

  await page.getByText("Choose reviewers").click();
  await page
    .getByRole("group", { name: "Reviewers" })
    .getByRole("checkbox", { name: "Owner" })
    .click();
  await expect(page.getByText("has not approved")).toBeVisible();
  await page.getByRole("button", { name: "Hand in for review" }).click();
  await page.getByRole("button", { name: "Publish" }).click();
  await expect(page.getByRole("alert").getByText(/has no owner/)).toBeVisible();
  await picture(page, "postmortem-refused");

  await items.getByRole("link", { name: /Page when distances/ }).click();
  await expect(page.getByText("Test passes").first()).toBeVisible({ timeout: 60_000 });
  await page.getByRole("button", { name: "Edit" }).click();
  await page.getByRole("button", { name: /^Owner:/ }).click();
  await page.getByRole("menuitem", { name: "Owner" }).click();
  await page.getByRole("dialog").getByRole("button", { name: "Save" }).click();
  await expect(page.getByRole("dialog")).toHaveCount(0);
  await picture(page, "action-item");

  await page.goto(`${home}/postmortems/${number}`);
  await page.getByRole("button", { name: "Approve" }).click();
  await expect(page.getByText("approves", { exact: true })).toBeVisible();
  await page.getByRole("button", { name: "Publish" }).click();
  await expect(page.getByRole("button", { name: "Take it up again" })).toBeVisible();
  await picture(page, "postmortem-published");
  await page.goto(`${home}/postmortems/${number}/print`);
  await expect(page.getByRole("heading", { name: "Contributing factors" })).toBeVisible();
  await picture(page, "postmortem-print");
  await page.goto(`${home}/postmortems`);
  await expect(page.getByRole("link", { name: `#${number} Distances were missing` })).toBeVisible();
  await picture(page, "postmortems");

  // The board, by its keys.
  await page.goto(`${home}/action-items?view=board`);
  const card = page.getByRole("link", { name: /Page when distances/ }).first();
  await card.focus();
  await page.keyboard.press("ArrowRight");
  await expect(
    page
      .getByRole("region", { name: "In progress" })
      .getByText(/Page when/)
      .first(),
  ).toBeVisible();
  await picture(page, "action-items-board");
  await page.goto(`${home}/action-items`);
  await expect(page.getByRole("link", { name: /Page when distances/ }).first()).toBeVisible();
  await picture(page, "action-items");
  await page.goto(`${home}/settings/postmortem-template`);
  await expect(page.getByLabel("Title").first()).toBeVisible();
  await picture(page, "postmortem-template");
});
