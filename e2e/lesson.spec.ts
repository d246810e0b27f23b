import { randomUUID } from "node:crypto";
import { AxeBuilder } from "@axe-core/playwright";
import type { Browser, Locator, Page } from "@playwright/test";
import { expect, test } from "@playwright/test";
import { startFakePipeline } from "../lib/services/action/testing/fake-pipeline.ts";
import { planFlightFault } from "./flight-fault.ts";
import { callApi, product, signIn, uploadBaseline } from "./product.ts";

/** From a planted fault to what was learned of it: the room, a runbook that asks and acts, a postmortem, an item that is proved. */
const model = "flights-lesson";
const minuteMs = 60_000;

const runbook = `What to do when a feature of flights moves.

~~~step query moved
title: Does the feature still move?
ask: drift verdict
of: incident
window: impact
expect: no drift
in range: end
out of range: retrain
~~~

~~~step action retrain
title: Retrain on whole rows
action: retrain-flights
~~~

~~~step manual tell
title: Tell whoever uses the answers

Say since when, and which answers were wrong.
~~~
`;

const monitorDraft = (fireCount: number, destinationIds: string[] = []) => ({
  name: "Distance of flights, lesson",
  kind: "drift",
  definition: {
    statistic: "verdict",
    target: { kind: "feature", feature: "distance" },
    window: "5m",
    cadence: "5m",
    reference: "baseline",
    threshold: { kind: "verdict" },
    settleSeconds: 0,
  },
  fireCount,
  windowCount: 3,
  clearCount: 1,
  destinationIds,
});

/** A second person, who came by an invitation. */
async function joinAsColleague(browser: Browser, owner: Page, name: string): Promise<Page> {
  const { link } = await callApi<{ link: string }>(owner, "POST", "/members", {
    email: `colleague-${randomUUID().slice(0, 8)}@localhost.localdomain`,
    role: "editor",
  });
  const context = await browser.newContext();
  const page = await context.newPage();
  const { pathname, hash } = new URL(link, product.url());
  await page.goto(`${pathname}${hash}`);
  await page.getByLabel("Name").fill(name);
  await page.getByLabel("Password").fill(randomUUID());
  await page.getByRole("button", { name: /join/i }).click();
  await expect(page).toHaveURL(/\/w\//, { timeout: 30_000 });
  return page;
}

async function expectAccessible(page: Page): Promise<void> {
  const { violations } = await new AxeBuilder({ page }).analyze();
  const grave = violations.filter(({ impact }) => impact === "serious" || impact === "critical");
  expect.soft(grave.map(({ id, nodes }) => `${id}: ${nodes[0]?.html ?? ""}`)).toEqual([]);
}

async function picture(page: Page, name: string): Promise<void> {
  await page.screenshot({ path: test.info().outputPath(`${name}.png`), fullPage: true });
}

async function writeSection(page: Page, title: string, text: string): Promise<void> {
  const section = page.getByRole("region", { name: title, exact: true });
  await section.getByRole("button", { name: `Edit ${title}` }).click();
  await section.getByLabel(title, { exact: true }).last().fill(text);
  await section.getByRole("button", { name: "Save", exact: true }).click();
  await expect(section.getByRole("button", { name: `Edit ${title}` })).toBeVisible();
}

async function choose(page: Page, trigger: Locator, option: string | RegExp): Promise<void> {
  await trigger.click();
  await page.getByRole("menuitem", { name: option }).first().click();
}

test("a fault becomes an incident, the incident a postmortem, and its lesson a test that holds", async ({
  page,
  browser,
}) => {
  test.setTimeout(15 * minuteMs);
  const reviewer = `Colleague ${randomUUID().slice(0, 4)}`;
  let secret = "";
  const pipeline = await startFakePipeline({ secret: () => secret, now: () => new Date() });
  const fault = planFlightFault(model);
  const inWorkspace = (path: string) => `/w/${product.workspace()}${path}`;
  try {
    await fault.log();
    await signIn(page);
    const colleague = await joinAsColleague(browser, page, reviewer);

    // What is ready before anything happens: an action that somebody else must approve, and a runbook that calls it.
    const made = await callApi<{ secret: string }>(page, "POST", "/actions", {
      slug: "retrain-flights",
      name: "Retrain flights",
      url: `${pipeline.url}/retrain`,
      definition: {
        kind: "retrain",
        body: '{"run": {{run_id}}, "model": {{model}}, "incident": {{incident}}}',
        approval: "another",
        verifyAfterMinutes: 1,
      },
    });
    secret = made.secret;
    await callApi(page, "POST", "/runbooks", {
      title: "Flights that moved",
      body: runbook,
      attachRule: { models: [model], causeClasses: ["data_drift"], subjects: ["feature"] },
    });
    await expect(async () => {
      await page.goto(inWorkspace(`/models/${model}/baselines`));
      await expect(page.getByRole("button", { name: /upload/i }).first()).toBeVisible();
    }).toPass({ timeout: 60_000 });
    await uploadBaseline(page, {
      model,
      version: fault.version,
      prediction: "answer",
      csv: fault.baseline,
    });
    const monitor = await callApi<{ id: string }>(page, "POST", "/monitors", {
      model,
      monitor: monitorDraft(2),
    });

    // The incident, and its room.
    await expect(async () => {
      await page.goto(inWorkspace("/incidents"));
      await page
        .getByRole("link", { name: new RegExp(`#\\d+ ${model}`) })
        .first()
        .click({ timeout: 5_000 });
    }).toPass({ timeout: 120_000 });
    await expect(page).toHaveURL(/incidents\/\d+/);
    const number = Number(new URL(page.url()).pathname.split("/").at(-1));
    await expect(page.getByRole("heading", { level: 1 })).toContainText("distance");
    await page.getByRole("button", { name: /^Acknowledge/ }).click();
    await page.getByLabel("Note", { exact: true }).fill("The feed of distances was moved today.");
    await page.getByRole("button", { name: "Add the note" }).click();
    const timeline = page.getByRole("region", { name: "Timeline" });
    await expect(timeline.getByText("The feed of distances was moved today.")).toBeVisible();

    // The runbook asks, and what it found stays on the timeline.
    const panel = page.getByRole("region", { name: "Runbook" });
    await expect(panel.getByText("Does the feature still move?").first()).toBeVisible({
      timeout: 30_000,
    });
    await panel.getByRole("button", { name: "Ask now" }).first().click();
    await expect(panel.getByText("Retrain on whole rows").first()).toBeVisible({
      timeout: 30_000,
    });
    await expect(timeline.getByText(/Wasserstein distance/).first()).toBeVisible();

    // It acts once somebody else agrees.
    const next = panel.getByRole("region", { name: "Next step" });
    await next.getByRole("button", { name: "Retrain flights" }).click();
    await page.getByLabel(/^Why/).fill("the feed is whole again");
    await page.getByRole("button", { name: "Ask for approval" }).click();
    await expect(next.getByText("Waiting for approval")).toBeVisible();
    await expect(next.getByRole("button", { name: "Approve" })).toHaveCount(0);
    await colleague.goto(inWorkspace(`/incidents/${number}`));
    await colleague.getByRole("button", { name: "Approve" }).first().click();
    await expect.poll(() => pipeline.begun.size, { timeout: 30_000 }).toBe(1);
    expect([...pipeline.begun.values()][0]).toMatchObject({ model, incident: number });
    await picture(page, "room");

    // Rows are whole again, the same monitor sees it once a window of them has ended, and the run is verified by it.
    await fault.logAhead();
    const answer = page.getByText("Verified", { exact: true }).first();
    await expect(answer).toBeVisible({ timeout: 8 * minuteMs });
    await expect(page.getByRole("button", { name: "Close with a verdict" })).toBeVisible({
      timeout: 120_000,
    });
    await expectAccessible(page);
    await picture(page, "room-after");

    // The postmortem refuses until it is whole.
    await page.getByRole("button", { name: "Draft the postmortem" }).click();
    await expect(page).toHaveURL(/postmortems\/\d+/, { timeout: 60_000 });
    await page.getByRole("button", { name: "Add an action item" }).click();
    const dialog = page.getByRole("dialog");
    await dialog.getByLabel("What is to be done").fill("Find a changed unit within eight minutes");
    await dialog.getByText("A monitor", { exact: true }).click();
    await choose(page, dialog.getByRole("button", { name: /^Monitor/ }), /lesson/);
    await dialog.getByLabel("Found within, in minutes").fill("8");
    await dialog.getByRole("button", { name: "Save" }).click();
    await expect(page.getByText("Find a changed unit within eight minutes").first()).toBeVisible();
    await page.getByText("Choose reviewers").click();
    await page
      .getByRole("group", { name: "Reviewers" })
      .getByRole("checkbox", { name: reviewer })
      .click();
    await expect(page.getByText("has not approved")).toBeVisible();
    await page.getByRole("button", { name: "Hand in for review" }).click();
    await page.getByRole("button", { name: "Publish", exact: true }).click();
    const refusal = page.getByRole("alert").first();
    await expect(refusal).toContainText(/owner/i);
    await expect(refusal).toContainText(/contributing_factors/);
    await picture(page, "postmortem-refused");

    for (const [title, text] of [
      ["Summary", "Distances came in kilometres for ten minutes, and answers were wrong."],
      ["Impact", "Nobody acted on the answers."],
      ["Detection", "The monitor of distances noticed it after two windows."],
      ["Response and resolution", "The feed was put right and the model retrained."],
    ] as const)
      await writeSection(page, title, text);
    const factors = page.getByRole("region", { name: "Contributing factors", exact: true });
    await factors.getByRole("button", { name: "Edit Contributing factors" }).click();
    await factors.getByRole("button", { name: "Add a factor" }).click();
    await factors
      .getByRole("textbox", { name: "Factor 1" })
      .fill("The unit of the feed is written down nowhere, and it is not checked on the way in.");
    await factors.getByRole("button", { name: "Save", exact: true }).click();

    // Somebody has the item: whoever is signed in.
    const { items } = await callApi<{ items: { number: number; title: string }[] }>(
      page,
      "GET",
      `/action-items?incident=${number}`,
    );
    const item = items[0]?.number ?? 0;
    await page.goto(inWorkspace(`/action-items/${item}`));
    await page.getByRole("button", { name: "Edit", exact: true }).click();
    await choose(page, dialog.getByRole("button", { name: /^Owner/ }), /Owner/);
    await dialog.getByRole("button", { name: "Save" }).click();
    await expect(dialog).toHaveCount(0);

    // Whoever reviews it approves the text as it stands.
    await colleague.goto(inWorkspace(`/postmortems/${number}`));
    await colleague.getByRole("button", { name: "Approve", exact: true }).click();
    await page.goto(inWorkspace(`/postmortems/${number}`));
    await expect(page.getByText("approves", { exact: true })).toBeVisible();
    await page.getByRole("button", { name: "Publish", exact: true }).click();
    await expect(page.getByRole("button", { name: "Take it up again" })).toBeVisible({
      timeout: 60_000,
    });
    await expectAccessible(page);
    await picture(page, "postmortem-published");
    await page.emulateMedia({ media: "print" });
    await page.goto(inWorkspace(`/postmortems/${number}/print`));
    await expect(page.getByText("Nobody acted on the answers.")).toBeVisible();
    await picture(page, "postmortem-print");
    await page.emulateMedia({ media: "screen" });

    // The lesson: two windows take ten minutes, which is too late; one is in time.
    await page.goto(inWorkspace(`/action-items/${item}`));
    const acceptance = page.getByRole("region", { name: "Acceptance test" });
    await acceptance.getByRole("button", { name: "Run it now" }).click();
    await expect(acceptance.getByText(/fail/i).first()).toBeVisible({ timeout: 60_000 });
    await picture(page, "item-fails");
    await callApi(page, "PATCH", `/monitors/${monitor.id}`, {
      monitor: monitorDraft(1),
      revision: 1,
    });
    await acceptance.getByRole("button", { name: "Run it now" }).click();
    await expect(acceptance.getByText(/pass/i).first()).toBeVisible({ timeout: 60_000 });
    await page.getByRole("radio", { name: "Done" }).click();
    await expect(page.getByText(/done/i).first()).toBeVisible();
    await expectAccessible(page);
    await picture(page, "item-passes");
    await colleague.context().close();
  } finally {
    await pipeline.close();
  }
});
