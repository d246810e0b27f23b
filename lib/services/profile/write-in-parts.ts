import type { ProfileKeyParams } from "#db/clickhouse/statements/profile-keys.ts";
import { splitKeys } from "./working-keys.ts";

/** Writes profiles in parts of at most so many features. What a statement takes depends on the values, so that a bound on what it counts is
 *  a guess: a part that does not fit the engine's memory is cut in two, down to a single feature. Needs a complete list, as a part does
 *  not notice a feature that is in none. */
export async function writeInParts(
  keys: ProfileKeyParams,
  featuresMax: number,
  write: (part: ProfileKeyParams) => Promise<void>,
): Promise<void> {
  for (const part of splitKeys(keys, featuresMax)) {
    const featureCount = part.features.length - 1;
    try {
      await write(part);
    } catch (error) {
      if (!isOutOfMemory(error) || featureCount < 2) throw error;
      await writeInParts(part, Math.ceil(featureCount / 2), write);
    }
  }
}

export const isOutOfMemory = (error: unknown): boolean =>
  error instanceof Error && "type" in error && error.type === "MEMORY_LIMIT_EXCEEDED";
