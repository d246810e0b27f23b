import { instantOf, wallOf } from "#lib/rules/wall-clock.ts";

/** What an input of the kind datetime-local holds: "2026-11-04T14:30" on the clock of a zone. */
export const toLocalTime = (timeMs: number, zone: string): string =>
  new Date(wallOf(zone, timeMs)).toISOString().slice(0, 16);

/** The instant that such an input means; null where it is not filled in. */
export function readLocalTime(text: string, zone: string): number | null {
  const wallMs = Date.parse(`${text}:00Z`);
  return /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}$/.test(text) && Number.isFinite(wallMs)
    ? instantOf(zone, wallMs)
    : null;
}
