import type { NotificationRow } from "#db/postgres/queries/notification.ts";
import type { Notification } from "#lib/api/notification.ts";

export function toNotification(row: NotificationRow): Notification {
  const { position: _, sequence: __, ...rest } = row;
  const isOver = row.finishedAt !== null;
  return {
    ...rest,
    nextAt: isOver ? null : row.nextAt.toISOString(),
    createdAt: row.createdAt.toISOString(),
    finishedAt: row.finishedAt?.toISOString() ?? null,
  };
}
