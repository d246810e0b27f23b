"use client";

import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { Plus } from "lucide-react";
import { useState } from "react";
import type { SilenceRow } from "#lib/api/silence.ts";
import { expireSilence, silenceListQuery } from "#lib/api/silence.ts";
import { prepareSilenceAnswer } from "#lib/charts/prepare-silence-answer.ts";
import { QueryView, RequestFailure } from "../request/query-view.tsx";
import { SettingsHeader } from "../settings/settings-header.tsx";
import { PageBody } from "../shell/page-header.tsx";
import { useUrlState } from "../shell/use-url-state.ts";
import { Button } from "../ui/button.tsx";
import { EmptyState } from "../ui/empty-state.tsx";
import { Segmented } from "../ui/segmented.tsx";
import { SkeletonTable } from "../ui/skeleton.tsx";
import { useNow } from "../ui/use-now.ts";
import { SilenceDialog } from "./silence-dialog.tsx";
import { SilencePanel } from "./silence-panel.tsx";
import { SilenceTable } from "./silence-table.tsx";

const refetchMs = 15_000;

/** What is hidden now, until when, and what was hidden? */
export function SilencesPage({ workspace }: { workspace: string }) {
  const { get, set } = useUrlState();
  const state = get("state") === "ended" ? "ended" : "open";
  const opened = get("silence") ?? null;
  const filled = get("for") ?? "";
  const client = useQueryClient();
  const nowMs = useNow(5_000);
  const open = useQuery({ ...silenceListQuery(workspace, "open"), refetchInterval: refetchMs });
  const ended = useQuery({ ...silenceListQuery(workspace, "ended"), enabled: state === "ended" });
  const query = state === "open" ? open : ended;
  const [isCreating, setIsCreating] = useState(false);
  const expiry = useMutation({
    mutationFn: ({ id }: SilenceRow) => expireSilence(workspace, id),
    onSuccess: () => client.invalidateQueries({ queryKey: ["silence", workspace] }),
  });
  return (
    <>
      <SettingsHeader
        workspace={workspace}
        isFailed={open.isError}
        answer={
          open.data && nowMs !== null ? prepareSilenceAnswer(open.data.silences, nowMs) : null
        }
        controls={
          <>
            <Segmented
              label="Which silences"
              value={state}
              options={[
                { value: "open", label: "Open" },
                { value: "ended", label: "Ended" },
              ]}
              onChange={(value) => set({ state: value === "ended" ? "ended" : null })}
            />
            <Button kind="primary" onClick={() => setIsCreating(true)}>
              <Plus size={14} aria-hidden />
              Silence alerts
            </Button>
          </>
        }
      />
      <PageBody>
        {expiry.isError && (
          <RequestFailure
            title="The silence could not be ended"
            error={expiry.error}
            onRetry={null}
          />
        )}
        <QueryView query={query} what="The silences" skeleton={<SkeletonTable rows={4} />}>
          {({ silences }) =>
            silences.length === 0 ? (
              <EmptyState
                title={state === "open" ? "Nothing is silenced" : "No silence has ended yet"}
                action={
                  state === "open" && (
                    <Button onClick={() => setIsCreating(true)}>Silence alerts</Button>
                  )
                }
              >
                A silence holds pages back for a while, such as during a planned retraining, and
                ends by itself within 30 days at most. Maintenance that comes back has its hours of
                the week.
              </EmptyState>
            ) : (
              <SilenceTable
                silences={silences}
                opened={opened}
                onOpen={(id) => set({ silence: id })}
                onExpire={(silence) => expiry.mutate(silence)}
              />
            )
          }
        </QueryView>
        {opened !== null && (
          <SilencePanel
            workspace={workspace}
            silenceId={opened}
            onClose={() => set({ silence: null })}
          />
        )}
      </PageBody>
      <SilenceDialog
        workspace={workspace}
        query={filled}
        isOpen={isCreating || filled !== ""}
        onOpenChange={(isOpen) => {
          setIsCreating(isOpen);
          if (!isOpen && filled !== "") set({ for: null }, "replace");
        }}
      />
    </>
  );
}
