import { AxeBuilder } from "@axe-core/playwright";
import type { Page } from "@playwright/test";
import { expect, test } from "@playwright/test";
import { startFakeReceiver } from "../lib/notify/testing/fake-receiver.ts";
import { callApi, product, signIn } from "./product.ts";

const model = "acted-on";

/** A model with some hours of rows, so that there is a chart to mark. */
async function logRows(): Promise<void> {
  const rows = Array.from({ length: 240 }, (_, index) => ({
    prediction_id: `acted-${index}`,
    timestamp: new Date(Date.now() - index * 120_000).toISOString(),
    model,
    version: "1",
    features: { distance: 100 + (index % 17) },
    prediction: index % 3,
  }));
  const answer = await fetch(`${product.url()}/v1/predictions`, {
    method: "POST",
    headers: { authorization: `Bearer ${product.apiKey()}`, "content-type": "application/json" },
    body: JSON.stringify(rows),
  });
  expect(await answer.json()).toMatchObject({ accepted: rows.length });
}

async function picture(page: Page, name: string): Promise<void> {
  for (const [suffix, width, height, colorScheme] of [
    ["", 1440, 900, "light"],
    ["-phone-dark", 390, 844, "dark"],
  ] as const) {
    await page.emulateMedia({ colorScheme });
    await page.setViewportSize({ width, height });
    await page.screenshot({ path: test.info().outputPath(`${name}${suffix}.png`), fullPage: true });
  }
  await page.emulateMedia({ colorScheme: "light" });
  await page.setViewportSize({ width: 1440, height: 900 });
  const { violations } = await new AxeBuilder({ page }).analyze();
  expect(violations.map(({ id, nodes }) => `${id}: ${nodes[0]?.html ?? ""}`)).toEqual([]);
}

test("an action is added, run for an incident, and settled by a person where nobody knows how it went", async ({
  page,
}) => {
  test.setTimeout(240_000);
  const pipeline = await startFakeReceiver(() => ({ status: 202, body: "begun" }));
  try {
    await logRows();
    await signIn(page);
    const changes = [
      {
        id: "acted-deploy",
        kind: "deployment",
        title: "acted-on 1 to production",
        model,
        environment: "production",
        version: "1",
        source: "ci",
        occurredAt: new Date(Date.now() - 2 * 3_600_000).toISOString(),
      },
    ];
    await callApi(page, "POST", "/change-events", { changes });

    await page.goto(`/w/${product.workspace()}/settings/actions`);
    await page.getByRole("button", { name: "Add an action" }).first().click();
    await page.getByLabel("Name").fill("Retrain acted-on");
    await expect(page.getByLabel("Slug")).toHaveValue("retrain-acted-on");
    await page.getByLabel("Address").fill(`${pipeline.url}/retrain`);
    await page.getByLabel("Time limit, seconds").fill("2");
    await page.getByRole("button", { name: /^Must be approved by/ }).click();
    await page.getByRole("menuitem", { name: "Nobody" }).click();
    await page.getByLabel("Cool-down, minutes").fill("");
    await page.getByLabel("Not while late or broken rows are an open incident").uncheck();
    await picture(page, "action-dialog");
    await page.getByRole("button", { name: "Add", exact: true }).click();
    await expect(page.getByText("whsec_")).toBeVisible();
    await page.getByRole("button", { name: "I have copied it" }).click();
    await expect(page.getByRole("button", { name: "Retrain acted-on", exact: true })).toBeVisible();

    const { number } = await callApi<{ number: number }>(page, "POST", "/incidents", {
      title: "acted-on answers zero",
      reason: "calls",
      severity: "sev2",
      model,
    });
    await page.goto(`/w/${product.workspace()}/incidents/${number}`);
    const actions = page.getByRole("region", { name: "Actions" });
    await actions.getByRole("button", { name: "Run an action" }).click();
    await page.getByRole("menuitem", { name: "Retrain acted-on" }).click();
    await page.getByLabel(/^Why/).fill("labels are in");
    await page.getByRole("button", { name: "Run it" }).click();
    await expect(actions.getByText(/Can't be verified|Being verified/).first()).toBeVisible({
      timeout: 30_000,
    });
    const [call] = pipeline.take();
    expect(JSON.parse(call?.body ?? "{}")).toMatchObject({
      data: { model, incident: number, reason: "labels are in", is_test: false },
    });

    // The second time nobody answers.
    pipeline.reply(() => "hang");
    await callApi(page, "POST", "/actions", {
      slug: "roll-back",
      name: "Roll back",
      url: `${pipeline.url}/roll-back`,
      definition: {
        kind: "roll_back",
        body: '{"run": {{run_id}}}',
        approval: "none",
        timeLimitSeconds: 1,
        verifyAfterMinutes: null,
      },
    });
    await callApi(page, "POST", "/action-runs", { action: "roll-back", incident: number });
    await page.reload();
    await expect(actions.getByText("Outcome unknown")).toBeVisible({ timeout: 30_000 });
    expect(pipeline.take()).toHaveLength(1);
    await picture(page, "incident-actions");
    await actions.getByRole("button", { name: "It was done" }).click();
    await expect(actions.getByText("Succeeded")).toBeVisible();
    expect(pipeline.take()).toEqual([]);

    await page.goto(`/w/${product.workspace()}/settings/actions?view=runs`);
    await expect(page.getByText("Roll back").first()).toBeVisible();
    await picture(page, "action-runs");
    await page.goto(`/w/${product.workspace()}/settings/reactions`);
    await page.getByRole("button", { name: "Add a reaction" }).first().click();
    await page.getByLabel("Name").fill("Retrain on drift");
    await page.getByLabel("data drift").check();
    await picture(page, "reaction-dialog");
    await page.getByRole("button", { name: "Add", exact: true }).click();
    await expect(page.getByText("When an incident of data drift is opened.")).toBeVisible();
    await picture(page, "reactions");

    await page.goto(`/w/${product.workspace()}/models/${model}`);
    await expect(page.getByText("acted-on 1 to production").first()).toBeVisible();
    await expect(page.getByText("change", { exact: true }).first()).toBeVisible({
      timeout: 60_000,
    });
    await picture(page, "overview-changes");
  } finally {
    await pipeline.close();
  }
});
