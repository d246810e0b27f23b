import type { Rotation } from "#lib/domain/schedule.ts";
import { sayMinute } from "./say-weekly.ts";

/** "every week at 09:00, from 2026-11-02". */
export function sayRotation({ unit, every, handoverMinute, startsOn }: Rotation): string {
  const length = every === 1 ? `every ${unit}` : `every ${every} ${unit}s`;
  return `${length} at ${sayMinute(handoverMinute)}, from ${startsOn}`;
}
