import { findNotificationRow, listAttemptRows } from "#db/postgres/queries/notification.ts";
import { notificationInput, notificationOutput } from "#lib/api/notification.ts";
import { AppError } from "#lib/domain/errors.ts";
import { defineService } from "../define-service.ts";
import { toNotification } from "./to-notification.ts";

export const getNotification = defineService({
  name: "getNotification",
  role: "viewer",
  input: notificationInput,
  output: notificationOutput,
  writes: false,
  async run(ctx, { notificationId }) {
    const row = await findNotificationRow(ctx, notificationId);
    if (row === null) throw new AppError("not_found", "There is no such message.");
    const attempts = await listAttemptRows(ctx, notificationId);
    return {
      notification: toNotification(row),
      attempts: attempts.map(({ startedAt, finishedAt, ...rest }) => ({
        ...rest,
        startedAt: startedAt.toISOString(),
        finishedAt: finishedAt?.toISOString() ?? null,
      })),
    };
  },
});
