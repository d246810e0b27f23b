import { findLines } from "./find-lines.ts";
import type { Check } from "./house.ts";

const SERVER =
  /^(lib\/(services|http|notify)\/|lib\/(auth|runtime)\.ts$|(ingest|jobs)\/|app\/.*route\.ts$|proxy\.ts$)/;
// Beside the guard itself: the door to ingest, whose address only the environment can name.
const GUARD = /^lib\/(notify\/guarded-fetch|http\/pass-to-ingest)\./;
const TEST = /\.test\.ts$|\/testing\//;
const CALLS_OUT = /(?<![\w.#])fetch\(|from "undici"|\bhttps?\.(request|get)\(/;

/** Addresses that a user typed may point into the private network; only the guarded fetch refuses those. */
export const checkGuardedFetch: Check = (house) =>
  house.files
    .filter((path) => SERVER.test(path) && !GUARD.test(path) && !TEST.test(path))
    .flatMap((path) =>
      findLines(
        house,
        path,
        CALLS_OUT,
        "server code calls out through lib/notify/guarded-fetch.ts only",
      ),
    );
