import { accessSync, constants } from "node:fs";
import { delimiter, join } from "node:path";
import { chromium } from "@playwright/test";

export type Browser = { executablePath: string; origin: "named" | "playwright" | "system" };

type Environment = Record<string, string | undefined>;

const NAMES = ["chromium", "chromium-browser", "google-chrome", "google-chrome-stable"];
const MAC = "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome";

/** The Chromium to drive: the one that PLUMBLINE_BROWSER names, else Playwright's own, else the system's; null when
 *  the machine has none. */
export function findBrowser(env: Environment = process.env): Browser | null {
  const named = env.PLUMBLINE_BROWSER;
  if (named) {
    if (isExecutable(named)) return { executablePath: named, origin: "named" };
    throw new Error(`PLUMBLINE_BROWSER names ${named}, which is not a program.`);
  }
  const own = playwrightsOwn();
  if (own !== null) return { executablePath: own, origin: "playwright" };
  const folders = (env.PATH ?? "").split(delimiter).filter((folder) => folder !== "");
  const candidates = [...folders.flatMap((folder) => NAMES.map((name) => join(folder, name))), MAC];
  const found = candidates.find(isExecutable);
  return found ? { executablePath: found, origin: "system" } : null;
}

function playwrightsOwn(): string | null {
  try {
    const path = chromium.executablePath();
    return isExecutable(path) ? path : null;
  } catch {
    return null; // Playwright has no build for this platform.
  }
}

function isExecutable(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}
