import { AppError } from "#lib/domain/errors.ts";

export function assertTimeZone(timeZone: string): void {
  try {
    new Intl.DateTimeFormat("en", { timeZone });
  } catch (cause) {
    throw new AppError("invalid_request", `"${timeZone}" is not a time zone; use an IANA name.`, {
      details: [{ path: "timeZone", message: "is not a name of the IANA time zone database" }],
      cause,
    });
  }
}
