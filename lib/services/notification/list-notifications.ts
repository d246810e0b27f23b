import { listNotificationRows } from "#db/postgres/queries/notification.ts";
import { notificationListInput, notificationListOutput } from "#lib/api/notification.ts";
import { defineService } from "../define-service.ts";
import { toNotification } from "./to-notification.ts";

/** The delivery log: what was told to whom, what waits, and what was given up. */
export const listNotifications = defineService({
  name: "listNotifications",
  role: "viewer",
  input: notificationListInput,
  output: notificationListOutput,
  writes: false,
  async run(ctx, { cursor, limit, ...filter }) {
    const rows = await listNotificationRows(ctx, {
      ...filter,
      beforePosition: cursor === undefined ? undefined : Number(cursor),
      countMax: limit + 1,
    });
    const shown = rows.slice(0, limit);
    return {
      notifications: shown.map(toNotification),
      next: rows.length > limit ? String(shown.at(-1)?.position ?? 0) : null,
    };
  },
});
