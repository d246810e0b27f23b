import { AppError } from "#lib/domain/errors.ts";

/** When what a note is about happened; null where nothing is said. */
export function parseMoment(text: string | undefined, now: Date): Date | null {
  if (text === undefined) return null;
  const at = new Date(text);
  if (at > now)
    throw new AppError("invalid_request", "A note is about what has happened.", {
      details: [{ path: "occurredAt", message: "expected a moment that is not ahead of now" }],
    });
  return at;
}
