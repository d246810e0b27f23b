"use client";

import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { Plus } from "lucide-react";
import { useRouter } from "next/navigation";
import { useMemo, useState } from "react";
import type { Destination } from "#lib/api/destination.ts";
import {
  deleteDestination,
  destinationListQuery,
  rotateDestinationSecret,
  updateDestination,
} from "#lib/api/destination.ts";
import { prepareDestinationAnswer } from "#lib/charts/prepare-destination-answer.ts";
import { RotateSecretDialog } from "../key/rotate-secret-dialog.tsx";
import { QueryView, sayFailure } from "../request/query-view.tsx";
import { SettingsHeader } from "../settings/settings-header.tsx";
import { PageBody } from "../shell/page-header.tsx";
import { paths } from "../shell/paths.ts";
import { Button } from "../ui/button.tsx";
import { ConfirmDialog } from "../ui/confirm-dialog.tsx";
import { EmptyState } from "../ui/empty-state.tsx";
import { SkeletonTable } from "../ui/skeleton.tsx";
import { useNow } from "../ui/use-now.ts";
import { DestinationTable } from "./destination-table.tsx";
import { EditDestinationDialog } from "./edit-destination-dialog.tsx";
import { TestDialog } from "./test-dialog.tsx";

type Opened =
  | { kind: "none" }
  | { kind: "add" }
  | { kind: "edit" | "test" | "rotate" | "delete"; destination: Destination };

const none: Opened = { kind: "none" };

export function DestinationsPage({ workspace }: { workspace: string }) {
  const client = useQueryClient();
  const router = useRouter();
  const query = useQuery(destinationListQuery(workspace));
  const nowMs = useNow(5_000);
  const [opened, setOpened] = useState<Opened>(none);
  const close = () => setOpened(none);
  const { queryKey } = destinationListQuery(workspace);
  const switching = useMutation({
    mutationFn: ({ id, ...change }: { id: string; isEnabled?: boolean; isDefault?: boolean }) =>
      updateDestination(workspace, { destinationId: id, ...change }),
    onSettled: () => client.invalidateQueries({ queryKey }),
  });
  const deletion = useMutation({
    mutationFn: ({ id }: Destination) => deleteDestination(workspace, id),
    onSuccess: async () => {
      close();
      await client.invalidateQueries({ queryKey });
    },
  });
  const { mutate: switchOne } = switching;
  const actions = useMemo(() => {
    const open = (kind: "edit" | "test" | "rotate" | "delete") => (destination: Destination) =>
      setOpened({ kind, destination });
    return {
      onTest: open("test"),
      onEdit: open("edit"),
      onRotate: open("rotate"),
      onDelete: open("delete"),
      onSwitch: ({ id, isEnabled }: Destination) => switchOne({ id, isEnabled: !isEnabled }),
      onDefault: ({ id, isDefault }: Destination) => switchOne({ id, isDefault: !isDefault }),
      onLog: ({ id }: Destination) =>
        router.push(`${paths.deliveries(workspace)}?destination=${id}`),
    };
  }, [router, workspace, switchOne]);
  const add = (
    <Button kind="primary" onClick={() => setOpened({ kind: "add" })}>
      <Plus size={14} aria-hidden />
      Add a destination
    </Button>
  );
  return (
    <>
      <SettingsHeader
        workspace={workspace}
        isFailed={query.isError}
        answer={
          query.data && nowMs !== null
            ? prepareDestinationAnswer(query.data.destinations, nowMs)
            : null
        }
        controls={add}
      />
      <PageBody>
        {switching.error !== null && (
          <p role="alert" className="text-breach text-sm">
            {sayFailure(switching.error)}
          </p>
        )}
        <QueryView query={query} what="The destinations" skeleton={<SkeletonTable rows={4} />}>
          {({ destinations }) =>
            destinations.length === 0 ? (
              <EmptyState title="No destination was added yet." action={add}>
                An incident is shown here all the same, but it reaches nobody by itself.
              </EmptyState>
            ) : (
              <DestinationTable
                destinations={destinations}
                nowMs={nowMs ?? query.dataUpdatedAt}
                actions={actions}
              />
            )
          }
        </QueryView>
      </PageBody>
      {opened.kind === "add" && (
        <EditDestinationDialog workspace={workspace} destination={null} onClose={close} />
      )}
      {opened.kind === "edit" && (
        <EditDestinationDialog
          workspace={workspace}
          destination={opened.destination}
          onClose={close}
        />
      )}
      {opened.kind === "test" && (
        <TestDialog workspace={workspace} destination={opened.destination} onClose={close} />
      )}
      {opened.kind === "rotate" && (
        <RotateSecretDialog
          name={opened.destination.name}
          description="A new signing secret is made. For 24 h messages carry both signatures, so that the receiver can change over."
          before="signs"
          rotate={() => rotateDestinationSecret(workspace, opened.destination.id)}
          onClose={close}
        />
      )}
      {opened.kind === "delete" && (
        <ConfirmDialog
          isOpen
          onOpenChange={(isOpen) => {
            if (!isOpen) close();
          }}
          title={`Delete the destination "${opened.destination.name}"`}
          description="It hears of nothing new. That an incident is over which it was told of, it still hears. This can't be undone."
          name={opened.destination.name}
          action="Delete it"
          isBusy={deletion.isPending}
          error={sayFailure(deletion.error)}
          onConfirm={() => deletion.mutate(opened.destination)}
        />
      )}
    </>
  );
}
