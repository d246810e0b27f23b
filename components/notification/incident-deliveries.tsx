"use client";

import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { notificationListQuery } from "#lib/api/notification.ts";
import { QueryView } from "../request/query-view.tsx";
import { SkeletonTable } from "../ui/skeleton.tsx";
import { useNow } from "../ui/use-now.ts";
import { useZone } from "../ui/use-zone.ts";
import { NotificationDialog } from "./notification-dialog.tsx";
import { NotificationTable } from "./notification-table.tsx";

/** Who was told of an incident, and whom a message did not reach: part of the incident's page. */
export function IncidentDeliveries({
  workspace,
  incidentId,
}: {
  workspace: string;
  incidentId: string;
}) {
  const query = useQuery(notificationListQuery(workspace, { incidentId, limit: 200 }));
  const [opened, setOpened] = useState<string | null>(null);
  const nowMs = useNow(1_000);
  const zone = useZone();
  return (
    <>
      <QueryView query={query} what="What was told" skeleton={<SkeletonTable rows={3} />}>
        {({ notifications }) => (
          <NotificationTable
            notifications={notifications}
            nowMs={nowMs ?? query.dataUpdatedAt}
            zone={zone}
            onOpen={({ id }) => setOpened(id)}
            toolbar={<h2 className="font-semibold text-base">Who was told</h2>}
            empty="Nobody was told of this incident: no destination stands for it."
          />
        )}
      </QueryView>
      {opened !== null && (
        <NotificationDialog
          workspace={workspace}
          notificationId={opened}
          onClose={() => setOpened(null)}
        />
      )}
    </>
  );
}
