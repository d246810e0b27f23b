"use client";

import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import type { NotificationAttempt } from "#lib/api/notification.ts";
import { notificationQuery, replayNotification } from "#lib/api/notification.ts";
import { formatDuration } from "#lib/charts/format-number.ts";
import {
  attemptOutcomeNames,
  notificationKindNames,
  sayAnswer,
  sayDelivery,
} from "#lib/charts/name-delivery.ts";
import { QueryView, sayFailure } from "../request/query-view.tsx";
import { Button } from "../ui/button.tsx";
import { Dialog } from "../ui/dialog.tsx";
import { SkeletonTable } from "../ui/skeleton.tsx";
import { TimeText } from "../ui/time-text.tsx";
import { useNow } from "../ui/use-now.ts";
import { useZone } from "../ui/use-zone.ts";

/** One message with every attempt, and what can be done about it. */
export function NotificationDialog({
  workspace,
  notificationId,
  onClose,
}: {
  workspace: string;
  notificationId: string;
  onClose: () => void;
}) {
  const client = useQueryClient();
  const query = useQuery(notificationQuery(workspace, notificationId));
  const nowMs = useNow(1_000);
  const zone = useZone();
  const replaying = useMutation({
    mutationFn: () => replayNotification(workspace, notificationId),
    onSettled: () => client.invalidateQueries({ queryKey: ["notification", workspace] }),
  });
  return (
    <Dialog
      isOpen
      onOpenChange={(isOpen) => {
        if (!isOpen) onClose();
      }}
      title="A message and its attempts"
    >
      <QueryView query={query} what="The message" skeleton={<SkeletonTable rows={3} />}>
        {({ notification, attempts }) => (
          <div className="flex min-w-0 flex-col gap-4">
            <div>
              <p className="font-medium">
                {notificationKindNames[notification.kind]}
                {notification.incidentNumber > 0 && ` of #${notification.incidentNumber}`}
                {": "}
                {notification.title}
              </p>
              <p className="mt-1 text-ink-2 text-sm">
                To {notification.destinationName ?? "a destination that is gone"}:{" "}
                {sayDelivery(notification, nowMs ?? query.dataUpdatedAt, zone)}.
                {notification.possibleDuplicate &&
                  " It may have arrived twice: of one attempt nobody knows how it ended."}
              </p>
            </div>
            <ol className="flex flex-col divide-y rounded-lg border">
              {attempts.length === 0 && (
                <li className="px-3 py-2.5 text-ink-2 text-sm">
                  {notification.answer === "" ? "It was not tried yet." : notification.answer}
                </li>
              )}
              {attempts.map((attempt) => (
                <Attempt key={attempt.attempt} attempt={attempt} />
              ))}
            </ol>
            <p className="break-all font-mono text-ink-3 text-xs">id {notification.id}</p>
            {replaying.error !== null && (
              <p role="alert" className="text-breach text-sm">
                {sayFailure(replaying.error)}
              </p>
            )}
            <div className="flex justify-end gap-2">
              <Button kind="quiet" onClick={onClose}>
                Close
              </Button>
              {notification.state === "dead" && (
                <Button
                  kind="primary"
                  disabled={replaying.isPending}
                  onClick={() => replaying.mutate()}
                >
                  Send it again
                </Button>
              )}
            </div>
          </div>
        )}
      </QueryView>
    </Dialog>
  );
}

function Attempt({ attempt }: { attempt: NotificationAttempt }) {
  const { startedAt, finishedAt, outcome } = attempt;
  const tookMs = finishedAt === null ? null : Date.parse(finishedAt) - Date.parse(startedAt);
  const answer = sayAnswer(attempt);
  return (
    <li className="px-3 py-2.5 text-sm">
      <div className="flex flex-wrap items-baseline justify-between gap-x-3">
        <span className="font-medium">
          {attempt.attempt}. {attemptOutcomeNames[outcome]}
        </span>
        <span className="text-ink-3 text-xs">
          <TimeText iso={startedAt} isAbsolute />
          {tookMs !== null && `, took ${formatDuration(tookMs)}`}
        </span>
      </div>
      {answer !== "" && <p className="mt-1 break-words font-mono text-ink-2 text-xs">{answer}</p>}
    </li>
  );
}
