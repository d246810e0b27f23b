import { setImmediate } from "node:timers/promises";

/** Profiles that are finished before others may have their turn: some 50 ms. */
const finishedAtOnce = 50;

/** What takes work to make, one by one, so that others may have their turn between. */
export async function collectInTurns<T>(made: Iterable<T>): Promise<T[]> {
  const collected: T[] = [];
  for (const one of made) {
    collected.push(one);
    if (collected.length % finishedAtOnce === 0) await setImmediate();
  }
  return collected;
}
