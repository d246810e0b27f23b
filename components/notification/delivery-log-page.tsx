"use client";

import { keepPreviousData, useQuery } from "@tanstack/react-query";
import { destinationListQuery } from "#lib/api/destination.ts";
import type { NotificationFilter } from "#lib/api/notification.ts";
import { notificationListQuery } from "#lib/api/notification.ts";
import { notificationStateNames } from "#lib/charts/name-delivery.ts";
import { prepareDeliveryAnswer } from "#lib/charts/prepare-delivery-answer.ts";
import { notificationStateSchema, notificationStates } from "#lib/domain/destination.ts";
import { QueryView } from "../request/query-view.tsx";
import { SettingsHeader } from "../settings/settings-header.tsx";
import { PageBody } from "../shell/page-header.tsx";
import { useUrlState } from "../shell/use-url-state.ts";
import { Button } from "../ui/button.tsx";
import { Select } from "../ui/select.tsx";
import { SkeletonTable } from "../ui/skeleton.tsx";
import { useNow } from "../ui/use-now.ts";
import { useZone } from "../ui/use-zone.ts";
import { NotificationDialog } from "./notification-dialog.tsx";
import { NotificationTable } from "./notification-table.tsx";

const any = "*";

/** What was told to whom. Filters, the page and the open message stand in the address. */
export function DeliveryLogPage({ workspace }: { workspace: string }) {
  const { get, set } = useUrlState();
  const nowMs = useNow(1_000);
  const zone = useZone();
  const destinations = useQuery(destinationListQuery(workspace));
  const state = notificationStateSchema.safeParse(get("state")).data;
  const [destinationId, cursor, opened] = [get("destination"), get("before"), get("message")];
  const filter: NotificationFilter = {
    ...(destinationId === undefined ? {} : { destinationId }),
    ...(state === undefined ? {} : { state }),
    ...(cursor === undefined ? {} : { cursor }),
  };
  const query = useQuery({
    ...notificationListQuery(workspace, filter),
    placeholderData: keepPreviousData,
  });
  const choose = (patch: Record<string, string | null>) => set({ ...patch, before: null });
  const known = destinations.data?.destinations ?? [];
  return (
    <>
      <SettingsHeader
        workspace={workspace}
        isFailed={destinations.isError}
        answer={destinations.data && nowMs !== null ? prepareDeliveryAnswer(known, nowMs) : null}
      />
      <PageBody>
        <QueryView query={query} what="The delivery log" skeleton={<SkeletonTable rows={8} />}>
          {({ notifications, next }) => (
            <>
              <NotificationTable
                notifications={notifications}
                nowMs={nowMs ?? query.dataUpdatedAt}
                zone={zone}
                onOpen={({ id }) => set({ message: id })}
                empty={
                  state === undefined && destinationId === undefined
                    ? "Nothing was told to anybody yet."
                    : "No message is like this."
                }
                toolbar={
                  <>
                    <h2 className="font-semibold text-base">Messages</h2>
                    <Select
                      label="Destination"
                      value={destinationId ?? any}
                      options={[
                        { value: any, label: "All destinations" },
                        ...known.map(({ id, name }) => ({ value: id, label: name })),
                      ]}
                      onChange={(value) => choose({ destination: value === any ? null : value })}
                    />
                    <Select
                      label="State"
                      value={state ?? any}
                      options={[
                        { value: any, label: "All states" },
                        ...notificationStates.map((value) => ({
                          value,
                          label: notificationStateNames[value],
                        })),
                      ]}
                      onChange={(value) => choose({ state: value === any ? null : value })}
                    />
                  </>
                }
              />
              <div className="flex gap-2">
                {cursor !== undefined && (
                  <Button size="sm" onClick={() => set({ before: null })}>
                    Newest
                  </Button>
                )}
                {next !== null && (
                  <Button size="sm" onClick={() => set({ before: next })}>
                    Older
                  </Button>
                )}
              </div>
            </>
          )}
        </QueryView>
      </PageBody>
      {opened !== undefined && (
        <NotificationDialog
          workspace={workspace}
          notificationId={opened}
          onClose={() => set({ message: null })}
        />
      )}
    </>
  );
}
