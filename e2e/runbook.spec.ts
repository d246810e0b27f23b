import { AxeBuilder } from "@axe-core/playwright";
import type { Page, TestInfo } from "@playwright/test";
import { expect, test } from "@playwright/test";
import { product, seeded, signIn } from "./product.ts";

/** From a ready runbook to a new version of it, and from an incident to the runbook's last step. */
const model = "by-the-book";
const home = () => `/w/${product.workspace()}`;
const api = (path: string) => `/api/v1/workspaces/${product.workspace()}${path}`;

test.beforeAll(async () => {
  const random = seeded(29);
  const rows = Array.from({ length: 600 }, (_, index) => ({
    prediction_id: `book-${index}`,
    timestamp: new Date(Date.now() - index * 120_000).toISOString(),
    model,
    version: "1",
    features: { distance: Math.round(300 + 900 * random()) },
    prediction: random() < 0.2 ? "late" : "on_time",
  }));
  const answer = await fetch(`${product.url()}/v1/predictions`, {
    method: "POST",
    headers: { authorization: `Bearer ${product.apiKey()}`, "content-type": "application/json" },
    body: JSON.stringify(rows),
  });
  expect(answer.status).toBe(202);
});

/** The page as it stands, in the light and in the dark, without a serious finding or an overflow. */
async function look(page: Page, info: TestInfo, name: string, part = "main"): Promise<void> {
  await page.waitForLoadState("networkidle").catch(() => undefined);
  await page.mouse.move(0, 0);
  for (const [size, viewport] of Object.entries(sizes)) {
    await page.setViewportSize(viewport);
    for (const colorScheme of ["light", "dark"] as const) {
      await page.emulateMedia({ colorScheme, reducedMotion: "reduce" });
      const path = info.outputPath(`${name}-${size}-${colorScheme}.png`);
      await page.screenshot({ path, fullPage: true });
      // A colour on its way from one scheme to the other is neither's.
      await page.evaluate(() =>
        Promise.allSettled(document.getAnimations().map((one) => one.finished)),
      );
      const { violations } = await new AxeBuilder({ page }).include(part).analyze();
      const serious = violations.filter(
        ({ impact }) => impact === "serious" || impact === "critical",
      );
      expect(serious.map(({ id, nodes }) => `${name}: ${id}: ${nodes[0]?.html}`)).toEqual([]);
    }
    const overflow = await page.evaluate(
      () => document.documentElement.scrollWidth - window.innerWidth,
    );
    expect(`${name} at ${size}: ${overflow} px too wide`).toBe(`${name} at ${size}: 0 px too wide`);
  }
  await page.setViewportSize(sizes.desk);
  await page.emulateMedia({ colorScheme: "light" });
}

const sizes = { desk: { width: 1440, height: 900 }, phone: { width: 390, height: 844 } };

test("a ready runbook is read, mended, and what two people write at once is kept of both", async ({
  page,
}, info) => {
  test.setTimeout(240_000);
  await signIn(page);
  await page.goto(`${home()}/runbooks`);
  await expect(page.getByRole("heading", { level: 1 })).toContainText("runbooks; none is due");
  await look(page, info, "list");
  await page.getByRole("link", { name: "Feature drift" }).click();
  await expect(page.getByRole("heading", { name: "Does the feature still move" })).toBeVisible();
  await look(page, info, "runbook");

  await page.getByRole("link", { name: "Edit" }).click();
  const text = page.getByLabel("Text");
  const before = await text.inputValue();
  await text.fill(`${before}\n\`\`\`step query broken\ntitle: B\nask: drift vibes\n\`\`\`\n`);
  await expect(page.getByRole("button", { name: /expected a statistic of drift/ })).toBeVisible();
  await expect(page.getByRole("button", { name: "Save" })).toBeDisabled();
  await look(page, info, "editor-problem");

  // What was typed outlives the page.
  page.on("dialog", (dialog) => void dialog.accept());
  await page.reload();
  await page.getByRole("button", { name: "Bring it back" }).click();
  await expect(text).toHaveValue(/drift vibes/);
  await text.fill(`Mine.\n\n${before}`);

  const runbookId = new URL(page.url()).pathname.split("/").at(-2) ?? "";
  const theirs = await (await page.request.get(api(`/runbooks/${runbookId}`))).json();
  const saved = await page.request.patch(api(`/runbooks/${runbookId}`), {
    data: { revision: theirs.revision, title: theirs.title, body: `Theirs.\n\n${before}` },
    headers: { origin: product.url() },
  });
  expect(saved.status()).toBe(200);
  await page.getByRole("button", { name: "Save" }).click();
  await expect(page.getByText("after you began")).toBeVisible();
  await expect(text).toHaveValue(/^Mine\./);
  await look(page, info, "editor-conflict");
  await page.getByRole("button", { name: "Go on with mine" }).click();
  await page.getByRole("button", { name: "Save" }).click();
  await expect(page).toHaveURL(new RegExp(`/runbooks/${runbookId}$`));

  await page.getByRole("link", { name: "History" }).click();
  await expect(page.getByText("1 added, 1 removed")).toBeVisible();
  await expect(page.getByText("Theirs.")).toBeVisible();
  await look(page, info, "history");
});

const panel = 'section[aria-label="Runbook"]';

test("an incident is worked on by the runbook that fits it, from the next step to the one after", async ({
  page,
}, info) => {
  test.setTimeout(240_000);
  await signIn(page);
  const declared = await page.request.post(api("/incidents"), {
    data: {
      title: "Fewer rows than yesterday",
      reason: "somebody called",
      severity: "sev3",
      causeClass: "volume",
      model,
    },
    headers: { origin: product.url() },
  });
  const { number } = await declared.json();
  await page.goto(`${home()}/incidents/${number}`);
  const next = page.getByRole("region", { name: "Next step" });
  await expect(next).toContainText("Read what fired, and acknowledge");
  await look(page, info, "incident", panel);
  await next.getByRole("button", { name: "Done" }).click();
  await expect(next).toContainText("How many rows, against the same hours a week ago?");
  await next.getByRole("button", { name: "Ask now" }).click();
  // Nothing is known of the week before: it can't be said, and the step waits.
  await expect(next).toContainText("Cannot say");
  await look(page, info, "incident-asked", panel);
  await next.getByLabel("Note on step 2").fill("the model is younger than a week");
  await next.getByRole("button", { name: "Skip with this reason" }).click();
  await expect(next).toContainText("And against the hours just before?");
  await next.getByRole("button", { name: "Ask now" }).click();
  await expect(page.getByLabel("Timeline").getByText(/Asked step 3/)).toBeVisible();
  await look(page, info, "incident-answered", panel);
});
