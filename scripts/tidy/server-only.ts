import { findLines } from "./find-lines.ts";
import type { Check } from "./house.ts";

/** Under plain Node the package throws, so anywhere else it would break ingest, jobs and the tests. */
export const checkServerOnly: Check = (house) =>
  house.files
    .filter((path) => /\.tsx?$/.test(path) && path !== "lib/runtime.ts")
    .filter((path) => !path.startsWith("scripts/tidy/"))
    .flatMap((path) =>
      findLines(
        house,
        path,
        /^import\b.*["']server-only["']/,
        "server-only stands in lib/runtime.ts and nowhere else",
      ),
    );
