import { defineConfig } from "@playwright/test";
import { findBrowser } from "./scripts/find-browser.ts";

const browser = findBrowser();
const isPlaywrights = browser?.origin === "playwright";

export default defineConfig({
  testDir: "e2e",
  outputDir: "test-results",
  // One product, one machine of two cores: journeys run one after another.
  workers: 1,
  fullyParallel: false,
  timeout: 120_000,
  expect: { timeout: 15_000 },
  reporter: [["list"]],
  use: {
    baseURL: process.env.PLUMBLINE_TEST_URL ?? "http://localhost:3000",
    // A step that can't be taken says so, and not the end of its journey's time.
    actionTimeout: 60_000,
    timezoneId: "UTC",
    locale: "en-GB",
    trace: "retain-on-failure",
    launchOptions: {
      ...(browser === null || isPlaywrights ? {} : { executablePath: browser.executablePath }),
      args: ["--no-sandbox", "--disable-gpu", "--disable-background-networking"],
    },
  },
});
