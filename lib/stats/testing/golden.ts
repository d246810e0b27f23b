/** Reference vectors that are kept outside the project: read from PLUMBLINE_GOLDEN_DIR.
 *  Unset: null, and the test says that it was skipped. Set, but the file missing or empty: an error, so that CI fails. */
import { readFileSync } from "node:fs";
import { join } from "node:path";

export const GOLDEN_SKIPPED =
  "PLUMBLINE_GOLDEN_DIR is not set: the outside reference vectors were not compared";

/** The caller states the file's shape; a file of another shape fails its test at once. */
export const readGolden = <T>(fileName: string): T | null => {
  const folder = process.env.PLUMBLINE_GOLDEN_DIR;
  if (folder === undefined || folder === "") return null;
  const text = readFileSync(join(folder, fileName), "utf8");
  if (text.trim() === "") throw new Error(`${fileName} in PLUMBLINE_GOLDEN_DIR is empty`);
  return JSON.parse(text) as T;
};

export const DATA_SKIPPED =
  "PLUMBLINE_DATA_DIR is not set: nothing was tried on the outside data sets";

/** The text of a real data set that is kept outside the project; unset and missing are as above. */
export const readOutsideData = (fileName: string): string | null => {
  const folder = process.env.PLUMBLINE_DATA_DIR;
  if (folder === undefined || folder === "") return null;
  const text = readFileSync(join(folder, fileName), "utf8");
  if (text.trim() === "") throw new Error(`${fileName} in PLUMBLINE_DATA_DIR is empty`);
  return text;
};
