import type { Check, House } from "./house.ts";

const GLOSSARY = "docs/GLOSSARY.md";
const NOT_NOUNS = new Set(["components/ui", "components/charts"]);

/** The closed list of nouns: the first cell, in backticks, of every table row of the glossary. */
export function nounsOf(house: House): Set<string> {
  if (!house.files.includes(GLOSSARY)) return new Set();
  const rows = house.text(GLOSSARY).matchAll(/^\| `([a-z][a-z-]*)` +\|/gm);
  return new Set([...rows].map(([, noun = ""]) => noun));
}

function nounOf(path: string): string | null {
  const api = /^lib\/api\/([^/]+?)(\.db)?(\.test)?\.ts$/.exec(path);
  if (api) return api[1] ?? null;
  const folder = /^(components|lib\/services)\/([^/]+)\//.exec(path);
  if (folder && !NOT_NOUNS.has(`${folder[1]}/${folder[2]}`)) return folder[2] ?? null;
  return null;
}

/** The same noun in every room: two words for one thing are found here, not by the reader. */
export const checkNouns: Check = (house) => {
  const nouns = nounsOf(house);
  return house.files.flatMap((path) => {
    const noun = nounOf(path);
    if (noun === null || nouns.has(noun)) return [];
    return [
      { path, message: `"${noun}" is not a noun of ${GLOSSARY}; use one, or define it there` },
    ];
  });
};
