import type { Sent } from "./crash-load.ts";
import type { Stored } from "./stored-rows.ts";

/** Every list holds what breaks its guarantee: empty is right. */
export interface Differences {
  /** Acknowledged, and not there. */
  lost: string[];
  /** There, and never sent. */
  strangers: string[];
  /** There with other values than were sent last. */
  changed: string[];
  /** More than one row that counts. */
  doubled: string[];
  /** Never answered, and stored in part: but for rows that came again in a body that was acknowledged. */
  torn: string[];
  /** Refused, and stored all the same: but for such rows. */
  refused: string[];
}

export const noDifferences: Differences = {
  lost: [],
  strangers: [],
  changed: [],
  doubled: [],
  torn: [],
  refused: [],
};

/** What is acknowledged is stored, and what is stored was sent. */
export function compareStored<T extends object>(
  sent: Sent<T>,
  stored: readonly Stored<T>[],
  keyOf: (row: T) => string,
): Differences {
  const found = new Map(stored.map(({ row }) => [keyOf(row), row]));
  const possible = new Map<string, T>();
  for (const row of sent.unanswered.flat()) possible.set(keyOf(row), row);
  for (const [key, row] of sent.acknowledged) possible.set(key, row);
  const seen = new Set<string>();
  const isOpen = (row: T) => !sent.acknowledged.has(keyOf(row));
  return {
    lost: first([...sent.acknowledged.keys()].filter((key) => !found.has(key))),
    strangers: first([...found.keys()].filter((key) => !possible.has(key))),
    changed: first(
      [...found].flatMap(([key, row]) => {
        const expected = possible.get(key);
        return expected === undefined || spell(expected) === spell(row)
          ? []
          : [`sent ${spell(expected)}, stored ${spell(row)}`];
      }),
    ),
    doubled: first(
      stored.flatMap(({ row }) => {
        const key = keyOf(row);
        if (seen.has(key)) return [key];
        seen.add(key);
        return [];
      }),
    ),
    torn: first(
      sent.unanswered.flatMap((body) => {
        const open = body.filter(isOpen);
        const count = open.filter((row) => found.has(keyOf(row))).length;
        return count === 0 || count === open.length ? [] : [`${count} of ${open.length}`];
      }),
    ),
    refused: first(
      sent.refused
        .flat()
        .filter(isOpen)
        .map(keyOf)
        .filter((key) => found.has(key)),
    ),
  };
}

const namedMax = 5;

/** A list that a person reads: its beginning, and how long it is. */
export function first(list: readonly string[]): string[] {
  if (list.length <= namedMax) return [...list];
  return [...list.slice(0, namedMax), `and ${list.length - namedMax} more`];
}

/** The same text for the same values, in whatever order their names come. */
function spell(value: unknown): string {
  if (typeof value !== "object" || value === null) return JSON.stringify(value) ?? "absent";
  const entries = Object.entries(value).filter(([, member]) => member !== undefined);
  return `{${entries
    .map(([name, member]) => `${name}:${spell(member)}`)
    .sort()
    .join()}}`;
}
