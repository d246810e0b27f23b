import {
  findNotificationRow,
  isResolvedSince,
  replayDeadRow,
} from "#db/postgres/queries/notification.ts";
import { notificationInput, replayNotificationOutput } from "#lib/api/notification.ts";
import { AppError } from "#lib/domain/errors.ts";
import { pagerdutyActionOf } from "#lib/notify/render-pagerduty.ts";
import { defineService } from "../define-service.ts";
import { toNotification } from "./to-notification.ts";

/** Sends what was given up once more, with the id that it had. */
export const replayNotification = defineService({
  name: "replayNotification",
  role: "editor",
  input: notificationInput,
  output: replayNotificationOutput,
  writes: true,
  async run(ctx, { notificationId }) {
    const row = await findNotificationRow(ctx, notificationId);
    if (row === null) throw new AppError("not_found", "There is no such message.");
    if (row.destinationName === null)
      throw new AppError("conflict", "Its destination is gone; there is nowhere to send it.");
    const opens = row.destinationKind === "pagerduty" && pagerdutyActionOf(row.kind) === "trigger";
    if (opens && (await isResolvedSince(ctx, row)))
      throw new AppError(
        "conflict",
        "The incident was resolved since: this would open an alert in PagerDuty that nothing closes.",
      );
    if (!(await replayDeadRow(ctx, notificationId, ctx.now)))
      throw new AppError("conflict", `Only what was given up is sent again; this is ${row.state}.`);
    ctx.audit({
      action: "notification.replay",
      targetKind: "notification",
      targetId: notificationId,
      before: { state: row.state, answer: row.answer },
    });
    const replayed = await findNotificationRow(ctx, notificationId);
    return { notification: toNotification(replayed ?? row) };
  },
});
