"use client";

import { useMutation, useQuery } from "@tanstack/react-query";
import type { Destination } from "#lib/api/destination.ts";
import { testDestination } from "#lib/api/destination.ts";
import { notificationQuery } from "#lib/api/notification.ts";
import { notificationKindNames, sayAnswer, sayDelivery } from "#lib/charts/name-delivery.ts";
import { sayFailure } from "../request/query-view.tsx";
import { Button } from "../ui/button.tsx";
import { Dialog } from "../ui/dialog.tsx";
import type { Status } from "../ui/status-mark.tsx";
import { StatusMark } from "../ui/status-mark.tsx";
import { useNow } from "../ui/use-now.ts";
import { useZone } from "../ui/use-zone.ts";

/** The way of every message, watched: queued, sent, and what the receiver said. */
export function TestDialog({
  workspace,
  destination,
  onClose,
}: {
  workspace: string;
  destination: Destination;
  onClose: () => void;
}) {
  const testing = useMutation({ mutationFn: () => testDestination(workspace, destination.id) });
  const ids = testing.data?.notificationIds ?? [];
  return (
    <Dialog
      isOpen
      onOpenChange={(isOpen) => {
        if (!isOpen) onClose();
      }}
      title={`Test "${destination.name}"`}
      description={`A message that says that it is a test goes to ${destination.address} by the way of every other one.`}
    >
      <div className="flex flex-col gap-4">
        {ids.map((id) => (
          <TestResult key={id} workspace={workspace} notificationId={id} />
        ))}
        {testing.error !== null && (
          <p role="alert" className="text-breach text-sm">
            {sayFailure(testing.error)}
          </p>
        )}
        <div className="flex justify-end gap-2">
          <Button kind="quiet" onClick={onClose}>
            Close
          </Button>
          <Button kind="primary" disabled={testing.isPending} onClick={() => testing.mutate()}>
            {ids.length === 0 ? "Send test" : "Send another"}
          </Button>
        </div>
      </div>
    </Dialog>
  );
}

function TestResult({ workspace, notificationId }: { workspace: string; notificationId: string }) {
  const { data } = useQuery(notificationQuery(workspace, notificationId));
  const nowMs = useNow(1_000);
  const zone = useZone();
  if (data === undefined || nowMs === null) return <p className="text-ink-2 text-sm">Queued</p>;
  const { notification } = data;
  const answer = sayAnswer(notification);
  return (
    <div role="status" className="rounded-lg border px-3 py-2.5 text-sm">
      <div className="flex items-center justify-between gap-3">
        <StatusMark
          status={markOf(notification.state)}
          text={sayDelivery(notification, nowMs, zone)}
        />
        <span className="text-ink-3">{notificationKindNames[notification.kind]}</span>
      </div>
      {answer !== "" && <p className="mt-1 break-words font-mono text-ink-2 text-xs">{answer}</p>}
    </div>
  );
}

type State = Parameters<typeof sayDelivery>[0]["state"];

function markOf(state: State): Status {
  switch (state) {
    case "sent":
      return "healthy";
    case "dead":
      return "breach";
    case "failed":
      return "watch";
    case "queued":
    case "sending":
    case "cancelled":
      return "unknown";
  }
}
