import { findLines } from "./find-lines.ts";
import type { Check } from "./house.ts";

// The continuous integration script alone knows where its reference data stands.
const MAY_NAME_THE_OUTSIDE = new Set([".ci/run"]);
const BINARY = /\.(png|jpg|jpeg|gif|ico|woff2?|parquet|arrow|gz|zst|db|webp|avif)$/;
const OUTSIDE =
  /(?<![\w./-])\/(work|root|home\/[a-z]+)\/|\.\.\/shared\b|\bregistry\.(npmjs|yarnpkg)\.\w+|\b(files\.pythonhosted|pypi)\.org\b|"resolved":\s*"http/;

/** The project speaks of itself alone: it works the same wherever it is cloned and whatever it is installed from. */
export const checkPrivacy: Check = (house) =>
  house.files
    .filter((path) => !MAY_NAME_THE_OUTSIDE.has(path) && !BINARY.test(path))
    .filter((path) => !path.startsWith("scripts/tidy/"))
    .flatMap((path) =>
      findLines(
        house,
        path,
        OUTSIDE,
        (found) => `"${found}" belongs to one machine; take it from the environment`,
      ),
    );
