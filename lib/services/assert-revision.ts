import { AppError } from "#lib/domain/errors.ts";

/** An edit of what somebody else has changed since would undo their change unseen. */
export function assertRevision(what: string, stored: number, read: number): void {
  if (stored !== read)
    throw new AppError("stale", `${what} was changed since you read it; read it again.`);
}
