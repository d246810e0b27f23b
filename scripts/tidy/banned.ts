import { findLines } from "./find-lines.ts";
import type { Check, Finding, House } from "./house.ts";

const CODE = /\.(ts|tsx|js|mjs|cjs|py|sql|css|sh)$/;
const SCRIPT = /\.(ts|tsx|js|mjs|cjs)$/;
// These files have to name what they look for.
const THIS_FOLDER = /^scripts\/tidy\//;
const MAY_READ_THE_CLOCK = new RegExp(
  `^(${[
    "(ingest|jobs)/main\\.ts$",
    "lib/(runtime|log)\\.ts$",
    "db/embedded/",
    "components/ui/use-now\\.ts$",
    "(sdk|bench|scripts|e2e)/",
    // Tests that run whole processes live in those processes' time.
    "ingest/crash\\.db\\.test\\.ts$",
    "jobs/start-worker\\.db\\.test\\.ts$",
  ].join("|")})`,
);

type Ban = { pattern: RegExp; where: (path: string) => boolean; remedy: string };

const bans: Ban[] = [
  {
    pattern: /\b(TODO|FIXME)\b/,
    where: (path) => CODE.test(path),
    remedy: "finish it, or write it down outside the code",
  },
  {
    pattern: /\bDate\.now\(\)|\bnew Date\(\)/,
    where: (path) => SCRIPT.test(path) && !MAY_READ_THE_CLOCK.test(path),
    remedy: "take `now` as an argument",
  },
  {
    pattern: /\bMath\.random\(\)/,
    where: (path) => SCRIPT.test(path) && !MAY_READ_THE_CLOCK.test(path),
    remedy: "take a seeded `random` as an argument",
  },
];

const CAST = /\bas (unknown as|never)\b/;
const CAST_REMEDY = "move it to one named function whose comment says why it is safe";

/** A cast is let through when a comment in the three lines above says why it is safe. */
function findCasts(house: House, path: string): Finding[] {
  const lines = house.text(path).split("\n");
  return findLines(house, path, CAST, (found) => `\`${found}\`: ${CAST_REMEDY}`).filter(
    ({ line = 1 }) => {
      const above = lines.slice(Math.max(0, line - 4), line);
      return !above.some((text) => /(\/\/|\*).*\bsafe\b/i.test(text));
    },
  );
}

export const checkBanned: Check = (house) =>
  house.files
    .filter((path) => CODE.test(path) && !THIS_FOLDER.test(path))
    .flatMap((path) => [
      ...bans
        .filter(({ where }) => where(path))
        .flatMap(({ pattern, remedy }) =>
          findLines(house, path, pattern, (found) => `\`${found}\`: ${remedy}`),
        ),
      ...(SCRIPT.test(path) ? findCasts(house, path) : []),
    ]);
