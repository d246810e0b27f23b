import { queryOptions } from "@tanstack/react-query";
import { z } from "zod";
import {
  deliveryFailureSchema,
  deliveryRemedySchema,
  destinationKindSchema,
  notificationStateSchema,
} from "#lib/domain/destination.ts";
import { notificationKindSchema } from "#lib/domain/notification.ts";
import { requestJson, workspacePath } from "./request.ts";

export const notificationSchema = z.object({
  /** The webhook-id. */
  id: z.uuid(),
  incidentId: z.uuid(),
  /** 0 of a test. */
  incidentNumber: z.int(),
  title: z.string(),
  kind: notificationKindSchema,
  destinationId: z.uuid(),
  /** Null where there never was such a destination in this workspace. */
  destinationName: z.string().nullable(),
  destinationKind: destinationKindSchema.nullable(),
  state: notificationStateSchema,
  attempt: z.int(),
  /** When it is tried again, or for the first time; null where it is over. */
  nextAt: z.iso.datetime().nullable(),
  possibleDuplicate: z.boolean(),
  failure: deliveryFailureSchema.nullable(),
  remedy: deliveryRemedySchema.nullable(),
  status: z.int().nullable(),
  /** What the receiver said, or why it was not sent. */
  answer: z.string(),
  createdAt: z.iso.datetime(),
  finishedAt: z.iso.datetime().nullable(),
});
export type Notification = z.infer<typeof notificationSchema>;

export const notificationListInput = z.object({
  incidentId: z.uuid().optional(),
  destinationId: z.uuid().optional(),
  state: notificationStateSchema.optional(),
  /** The `next` of the page before. */
  cursor: z.string().max(20).regex(/^\d+$/, "expected the `next` of the page before").optional(),
  limit: z.coerce.number().int().min(1).max(200).default(50),
});
export type NotificationFilter = Omit<z.input<typeof notificationListInput>, "limit"> & {
  limit?: number;
};

export const notificationListOutput = z.object({
  notifications: z.array(notificationSchema),
  /** Asks for the page after this one; null: this was the last. */
  next: z.string().nullable(),
});

export const notificationInput = z.object({ notificationId: z.uuid() });

const attemptSchema = z.object({
  attempt: z.int(),
  startedAt: z.iso.datetime(),
  finishedAt: z.iso.datetime().nullable(),
  /** "unknown": its worker ended without a word, and nobody knows whether it arrived. */
  outcome: z.enum(["unknown", "sent", "retry", "permanent", "not_told"]),
  failure: deliveryFailureSchema.nullable(),
  status: z.int().nullable(),
  answer: z.string(),
});
export type NotificationAttempt = z.infer<typeof attemptSchema>;

export const notificationOutput = z.object({
  notification: notificationSchema,
  attempts: z.array(attemptSchema),
});
export const replayNotificationOutput = z.object({ notification: notificationSchema });

const pathOf = (workspace: string) => `${workspacePath(workspace)}/notifications`;

export const notificationListQuery = (workspace: string, filter: NotificationFilter) =>
  queryOptions({
    queryKey: ["notification", workspace, filter],
    queryFn: ({ signal }) =>
      requestJson({
        path: pathOf(workspace),
        query: filter,
        output: notificationListOutput,
        signal,
      }),
    refetchInterval: 5_000,
  });

/** Asked for until it is over. */
export const notificationQuery = (workspace: string, notificationId: string) =>
  queryOptions({
    queryKey: ["notification", workspace, notificationId],
    queryFn: ({ signal }) =>
      requestJson({
        path: `${pathOf(workspace)}/${notificationId}`,
        output: notificationOutput,
        signal,
      }),
    refetchInterval: ({ state }) => (state.data?.notification.finishedAt == null ? 1_000 : false),
  });

export const replayNotification = (workspace: string, notificationId: string) =>
  requestJson({
    path: `${pathOf(workspace)}/${notificationId}/replay`,
    method: "POST",
    output: replayNotificationOutput,
  });
