import { createHmac, randomUUID } from "node:crypto";
import { AxeBuilder } from "@axe-core/playwright";
import { expect, test } from "@playwright/test";
import { startFakePagerduty } from "../lib/notify/testing/fake-pagerduty.ts";
import { fakeSlackHook, startFakeSlack } from "../lib/notify/testing/fake-slack.ts";
import { planFlightFault } from "./flight-fault.ts";
import { callApi, product, signIn, uploadBaseline } from "./product.ts";

const model = "flights-unit";
const routingKey = "0123456789abcdef0123456789abcdef";
const webhookSecret = "secret-of-the-subscription";

test("a feature's unit changes: one page, acknowledged from PagerDuty, over by itself when the rows are corrected", async ({
  page,
}) => {
  test.setTimeout(420_000);
  const [pagerduty, slack] = await Promise.all([startFakePagerduty(), startFakeSlack()]);
  try {
    const fault = planFlightFault(model);
    await fault.log();

    await signIn(page);
    await expect(async () => {
      await page.goto(`/w/${product.workspace()}/models/${model}/baselines`);
      await expect(page.getByRole("button", { name: /upload/i }).first()).toBeVisible();
    }).toPass({ timeout: 60_000 });
    await uploadBaseline(page, {
      model,
      version: fault.version,
      prediction: "answer",
      csv: fault.baseline,
    });

    const toPagerduty = await callApi<{ destination: { id: string } }>(
      page,
      "POST",
      "/destinations",
      {
        kind: "pagerduty",
        name: "On call",
        settings: { routingKey, webhookSecret, eventsUrl: pagerduty.url },
      },
    );
    const toSlack = await callApi<{ destination: { id: string } }>(page, "POST", "/destinations", {
      kind: "slack_webhook",
      name: "#models",
      settings: { url: fakeSlackHook(slack.url) },
    });
    await page.goto(`/w/${product.workspace()}/settings/destinations`);
    await expect(page.getByText("On call").first()).toBeVisible();

    await callApi(page, "POST", "/monitors", {
      model,
      monitor: {
        name: "Distance of flights",
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
        fireCount: 2,
        windowCount: 3,
        clearCount: 1,
        destinationIds: [toPagerduty.destination.id, toSlack.destination.id],
      },
    });
    const madeMs = performance.now();

    // Both are told, once: the group wait is half a minute.
    const actions = () => pagerduty.events().map(({ event_action }) => event_action);
    await expect.poll(actions, { timeout: 120_000 }).toEqual(["trigger"]);
    await expect.poll(() => slack.posts.length, { timeout: 30_000 }).toBe(1);
    const toldMs = Math.round(performance.now() - madeMs);
    test.info().annotations.push({ type: "told after", description: `${toldMs} ms` });
    const [trigger] = pagerduty.events();
    expect(trigger?.payload?.summary).toContain(model);

    // On the phone, as whoever is on call looks at it.
    await page.setViewportSize({ width: 390, height: 844 });
    await page.goto(`/w/${product.workspace()}/incidents`);
    await page
      .getByRole("link", { name: new RegExp(`#\\d+ ${model}`) })
      .first()
      .click();
    await expect(page).toHaveURL(/incidents\/\d+/);
    await expect(page.getByRole("heading", { level: 1 })).toContainText(model);
    await expect(page.getByRole("button", { name: /^Acknowledge( a)?$/ })).toBeVisible();
    await expect(page.getByText(/distance/).first()).toBeVisible();
    const findings = await new AxeBuilder({ page }).analyze();
    expect(
      findings.violations.filter(({ impact }) => impact === "serious" || impact === "critical"),
    ).toEqual([]);

    // Somebody takes it in PagerDuty, which says so here and is not told back.
    const rawBody = JSON.stringify({
      event: {
        id: randomUUID(),
        event_type: "incident.acknowledged",
        resource_type: "incident",
        occurred_at: new Date().toISOString(),
        agent: { id: "P1", summary: "Somebody on call", type: "user_reference" },
        data: { id: "Q1", type: "incident", incident_key: trigger?.dedup_key },
      },
    });
    const signature = createHmac("sha256", webhookSecret).update(rawBody).digest("hex");
    const inbound = await fetch(
      `${product.url()}/api/v1/inbound/pagerduty/${toPagerduty.destination.id}`,
      {
        method: "POST",
        headers: {
          "content-type": "application/json",
          "x-pagerduty-signature": `v1=${signature}`,
        },
        body: rawBody,
      },
    );
    expect(inbound.status).toBeLessThan(300);
    expect(await inbound.json()).toEqual({ result: "done" });
    await expect(page.getByText(/Somebody on call/).first()).toBeVisible({ timeout: 30_000 });
    await expect(page.getByRole("button", { name: /^Acknowledge( a)?$/ })).toHaveCount(0);

    // The rows are corrected: the same flights, in miles again.
    await fault.correct();
    await expect.poll(actions, { timeout: 150_000 }).toEqual(["trigger", "resolve"]);
    await expect(page.getByRole("button", { name: "Close with a verdict" })).toBeVisible({
      timeout: 30_000,
    });
    expect(pagerduty.open.size).toBe(0);
  } finally {
    await Promise.all([pagerduty.close(), slack.close()]);
  }
});
