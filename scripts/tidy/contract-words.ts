import { findLines } from "./find-lines.ts";
import type { Check } from "./house.ts";

const BROWSER = /^(components|lib\/(charts|rules|stats))\/.*\.tsx?$/;
const TEST_FILE = /\.test\.tsx?$/;
const OTHER_WORD = /\b\w*(Schema|Input|Output)\.(?!(parse|safeParse|options)\b)\w+|from "zod"/;

/** The browser's bundle holds a small reader in place of zod: what it lacks would only be missed there. */
export const checkContractWords: Check = (house) =>
  house.files
    .filter((path) => BROWSER.test(path) && !TEST_FILE.test(path))
    .flatMap((path) =>
      findLines(
        house,
        path,
        OTHER_WORD,
        (found) =>
          `${found}: a contract is spelled in lib/api or lib/domain; the browser has parse, safeParse and options of it`,
      ),
    );
