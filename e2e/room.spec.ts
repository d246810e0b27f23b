import { AxeBuilder } from "@axe-core/playwright";
import type { Page } from "@playwright/test";
import { expect, test } from "@playwright/test";
import { product, signIn } from "./product.ts";

const gif = Buffer.from("R0lGODlhAQABAIAAAAAAAP///yH5BAEAAAAALAAAAAABAAEAAAIBRAA7", "base64");

async function declare(page: Page): Promise<number> {
  const answer = await page.request.post(`/api/v1/workspaces/${product.workspace()}/incidents`, {
    headers: { "sec-fetch-site": "same-origin" },
    data: { title: "Arrivals in the past", reason: "two calls", severity: "sev3" },
  });
  expect(answer.status(), await answer.text()).toBe(200);
  return (await answer.json()).number;
}

async function expectAccessible(page: Page, name: string): Promise<void> {
  await page.screenshot({ path: test.info().outputPath(`${name}.png`), fullPage: true });
  const overflow = await page.evaluate(
    () => document.documentElement.scrollWidth - window.innerWidth,
  );
  expect(overflow, name).toBeLessThanOrEqual(0);
  const { violations } = await new AxeBuilder({ page }).analyze();
  expect(
    violations.flatMap(({ impact, id, nodes }) =>
      impact === "serious" || impact === "critical" ? [`${name}: ${id}: ${nodes[0]?.html}`] : [],
    ),
  ).toEqual([]);
}

test("an incident is worked on from one page: notes with pictures, pins, corrections, updates, roles, and two people at once", async ({
  page,
}) => {
  test.setTimeout(180_000);
  await signIn(page);
  const number = await declare(page);
  const path = `/w/${product.workspace()}/incidents/${number}`;
  const api = `/api/v1/workspaces/${product.workspace()}/incidents/${number}`;
  await page.goto(path);
  const timeline = page.getByRole("region", { name: "Timeline" });

  // A picture and words; a reload loses none of what was typed.
  await timeline.getByLabel("Picture").setInputFiles({
    name: "plot.gif",
    mimeType: "image/gif",
    buffer: gif,
  });
  const note = timeline.getByRole("textbox", { name: "Note" });
  await expect(note).toHaveValue(/image:[0-9a-f]{64}/);
  await note.fill(`The feed **broke**.\n\n${await note.inputValue()}`);
  await page.reload();
  await expect(note).toHaveValue(/The feed/);
  await timeline.getByRole("button", { name: "Add the note" }).click();
  await expect(timeline.getByRole("img", { name: "picture" })).toBeVisible();
  await expect(note).toHaveValue("");

  // What is no picture is refused, whatever its name.
  await timeline.getByLabel("Picture").setInputFiles({
    name: "plot.png",
    mimeType: "image/png",
    buffer: Buffer.from("<svg xmlns='http://www.w3.org/2000/svg' onload='alert(1)'/>"),
  });
  await expect(timeline.getByRole("alert")).toContainText("no PNG, JPEG, GIF or WebP");

  // Pinned, and corrected: both versions are there.
  const line = timeline.getByRole("listitem").filter({ hasText: "The feed broke" }).first();
  await line.hover();
  await line.getByRole("button", { name: "Pin" }).click();
  await expect(timeline.getByRole("heading", { name: "Pinned" })).toBeVisible();
  await line.getByRole("button", { name: "Correct the note" }).click();
  const editor = page.getByRole("dialog", { name: "Correct the note" });
  await editor.getByLabel("Note").fill("The feed broke at noon.");
  await editor.getByRole("button", { name: "Save" }).click();
  await expect(editor).toBeHidden();
  await timeline.getByText("What it said before").first().click();
  await expect(timeline.getByText(/The feed \*\*broke\*\*/).first()).toBeVisible();

  // A status update stands on top.
  await page.getByRole("button", { name: "Status update" }).click();
  const update = page.getByRole("dialog", { name: "Status update" });
  await update.getByLabel("What to tell").fill("The feed sends again; we watch it.");
  await update.getByRole("button", { name: "Send" }).click();
  await expect(page.getByRole("region", { name: "Status" })).toContainText("we watch it");

  // Somebody else renames it while the dialog is open: both names are shown, and mine can still stand.
  await page.getByRole("button", { name: "More" }).click();
  await page.getByRole("menuitem", { name: "Rename" }).click();
  const rename = page.getByRole("dialog", { name: "Rename" });
  await rename.getByLabel("Title").fill("Late arrivals");
  const { revision } = await (await page.request.get(api)).json();
  const theirs = await page.request.patch(api, {
    headers: { "sec-fetch-site": "same-origin" },
    data: { revision, title: "Arrivals before departures" },
  });
  expect(theirs.status()).toBe(200);
  await rename.getByRole("button", { name: "Rename" }).click();
  const stale = page.getByRole("dialog", { name: "Changed by somebody else meanwhile" });
  await expect(stale).toContainText("Arrivals before departures");
  await expect(stale).toContainText("Late arrivals");
  await stale.getByRole("button", { name: "Set mine" }).click();
  const title = async () => (await (await page.request.get(api)).json()).title;
  await expect.poll(title).toBe("Late arrivals");
  await expect(stale).toBeHidden();

  await page.getByText("History of edits").click();
  await expect(page.getByText("note correct")).toBeVisible();
  await expectAccessible(page, "room");
  await page.emulateMedia({ colorScheme: "dark" });
  await expectAccessible(page, "room-dark");
  await page.setViewportSize({ width: 390, height: 844 });
  await expectAccessible(page, "room-phone-dark");
  await page.emulateMedia({ colorScheme: "light" });
  await expectAccessible(page, "room-phone");

  await page.goto(`/w/${product.workspace()}/insights`);
  await expect(page.getByRole("heading", { level: 1 })).toContainText("incident");
  await expect(page.getByRole("heading", { name: "How long it took" })).toBeVisible();
  await expectAccessible(page, "insights-phone");
  await page.setViewportSize({ width: 1440, height: 900 });
  await expectAccessible(page, "insights");
});
