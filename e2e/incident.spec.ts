import { createHmac, randomUUID } from "node:crypto";
import { readFileSync } from "node:fs";
import { AxeBuilder } from "@axe-core/playwright";
import type { Page } from "@playwright/test";
import { expect, test } from "@playwright/test";
import { startFakePagerduty } from "../lib/notify/testing/fake-pagerduty.ts";
import { fakeSlackHook, startFakeSlack } from "../lib/notify/testing/fake-slack.ts";
import { product, signIn, uploadBaseline } from "./product.ts";

/** A real-world-shaped fault from the rows to the page, and back: the distances of real flights turn from miles into kilometres. */
const model = "flights-unit";
const version = "1";
const routingKey = "0123456789abcdef0123456789abcdef";
const webhookSecret = "secret-of-the-subscription";
const sliceMs = 300_000;
const rowsPerSlice = 200;
const goodSlices = 6;
const badSlices = 3;
const baselineRows = 4_000;
const kilometresPerMile = 1.609344;

interface Flight {
  delay: number;
  distance: number;
  origin: string;
}

function readFlights(): Flight[] {
  return JSON.parse(readFileSync("node_modules/vega-datasets/data/flights-20k.json", "utf8"));
}

const answerOf = ({ delay }: Flight) => (delay >= 15 ? "late" : "on_time");

/** What a page of the console may do, as the signed-in person. */
async function api<T>(page: Page, method: string, path: string, body?: object): Promise<T> {
  const answer = await page.evaluate(
    async ([method, path, body]) => {
      const response = await fetch(path ?? "", {
        method: method ?? "GET",
        headers: { "content-type": "application/json" },
        ...(body === null || body === undefined ? {} : { body }),
      });
      return { status: response.status, text: await response.text() };
    },
    [method, path, body === undefined ? null : JSON.stringify(body)] as const,
  );
  expect(answer.status, answer.text).toBeLessThan(300);
  return JSON.parse(answer.text) as T;
}

async function log(rows: object[]): Promise<void> {
  const answer = await fetch(`${product.url()}/v1/predictions`, {
    method: "POST",
    headers: {
      authorization: `Bearer ${product.apiKey()}`,
      "content-type": "application/x-ndjson",
    },
    body: rows.map((row) => JSON.stringify(row)).join("\n"),
  });
  expect(await answer.json()).toMatchObject({ accepted: rows.length, rejected: [] });
}

test("a feature's unit changes: one page, acknowledged from PagerDuty, over by itself when the rows are corrected", async ({
  page,
}) => {
  test.setTimeout(420_000);
  const [pagerduty, slack] = await Promise.all([startFakePagerduty(), startFakeSlack()]);
  try {
    const flights = readFlights();
    const endMs = Math.floor(Date.now() / sliceMs) * sliceMs;
    const startMs = endMs - (goodSlices + badSlices) * sliceMs;
    const faultMs = endMs - badSlices * sliceMs;
    const rows = flights
      .slice(baselineRows, baselineRows + (goodSlices + badSlices) * rowsPerSlice)
      .map((flight, i) => ({
        flight,
        timeMs: startMs + Math.floor((i * sliceMs) / rowsPerSlice),
        id: `flight-${i}`,
      }));
    const toRow = ({ flight, timeMs, id }: (typeof rows)[number], factor: number) => ({
      model,
      version,
      prediction_id: id,
      timestamp: new Date(timeMs).toISOString(),
      features: { distance: flight.distance * factor, origin: flight.origin },
      prediction: answerOf(flight),
    });
    await log(rows.map((row) => toRow(row, row.timeMs < faultMs ? 1 : kilometresPerMile)));

    await signIn(page);
    const workspace = `/api/v1/workspaces/${product.workspace()}`;
    await expect(async () => {
      await page.goto(`/w/${product.workspace()}/models/${model}/baselines`);
      await expect(page.getByRole("button", { name: /upload/i }).first()).toBeVisible();
    }).toPass({ timeout: 60_000 });
    await uploadBaseline(page, {
      model,
      version,
      prediction: "answer",
      csv: [
        "distance,origin,answer",
        ...flights
          .slice(0, baselineRows)
          .map((flight) => `${flight.distance},${flight.origin},${answerOf(flight)}`),
      ].join("\n"),
    });

    const toPagerduty = await api<{ destination: { id: string } }>(
      page,
      "POST",
      `${workspace}/destinations`,
      {
        kind: "pagerduty",
        name: "On call",
        settings: { routingKey, webhookSecret, eventsUrl: pagerduty.url },
      },
    );
    const toSlack = await api<{ destination: { id: string } }>(
      page,
      "POST",
      `${workspace}/destinations`,
      { kind: "slack_webhook", name: "#models", settings: { url: fakeSlackHook(slack.url) } },
    );
    await page.goto(`/w/${product.workspace()}/settings/destinations`);
    await expect(page.getByText("On call").first()).toBeVisible();

    await api(page, "POST", `${workspace}/monitors`, {
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
    await expect(page.getByText(/Somebody on call/).first()).toBeVisible({ timeout: 30_000 });
    await expect(page.getByRole("button", { name: /^Acknowledge( a)?$/ })).toHaveCount(0);

    // The rows are corrected: the same flights, in miles again.
    await log(rows.filter(({ timeMs }) => timeMs >= faultMs).map((row) => toRow(row, 1)));
    await expect.poll(actions, { timeout: 150_000 }).toEqual(["trigger", "resolve"]);
    await expect(page.getByRole("button", { name: "Close with a verdict" })).toBeVisible({
      timeout: 30_000,
    });
    expect(pagerduty.open.size).toBe(0);
  } finally {
    await Promise.all([pagerduty.close(), slack.close()]);
  }
});
