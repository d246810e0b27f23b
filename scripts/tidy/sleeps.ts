import { findLines } from "./find-lines.ts";
import type { Check } from "./house.ts";

const TEST_FILE = /\.(test|spec)\.tsx?$/;
const SLEEP =
  /\bwaitForTimeout\(|\bsleep\(|new Promise\b.*\bsetTimeout\(|from "node:timers\/promises"|\bawait (delay|setTimeout)\(/;

/** A sleep is too long on a fast machine and too short on a slow one. */
export const checkSleeps: Check = (house) =>
  house.files
    .filter((path) => TEST_FILE.test(path) && !path.startsWith("scripts/tidy/"))
    .flatMap((path) =>
      findLines(
        house,
        path,
        SLEEP,
        "nothing sleeps; hand in `now`, await the signal itself, or use expect.poll",
      ),
    );
