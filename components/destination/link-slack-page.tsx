"use client";

import { useMutation } from "@tanstack/react-query";
import { linkSlackAccount } from "#lib/api/destination.ts";
import { sentence } from "#lib/charts/sentence.ts";
import { sayFailure } from "../request/query-view.tsx";
import { SettingsHeader } from "../settings/settings-header.tsx";
import { PageBody } from "../shell/page-header.tsx";
import { useHash } from "../shell/use-hash.ts";
import { Button } from "../ui/button.tsx";

const asking = {
  health: null,
  headline: sentence`Somebody in Slack wants to answer incidents in your name.`,
  detail: sentence`If it was you who pressed the button there just now, link the account. If not, close this page.`,
};
const linked = (name: string) => ({
  health: null,
  headline: sentence`${name} in Slack is you from now on.`,
  detail: sentence`Go back to Slack and press the button again.`,
});

/** The link was shown to one person in Slack, and lasts for 15 minutes. */
export function LinkSlackPage({ workspace }: { workspace: string }) {
  const token = useHash();
  const linking = useMutation({ mutationFn: () => linkSlackAccount(workspace, token ?? "") });
  return (
    <>
      <SettingsHeader
        workspace={workspace}
        isFailed={false}
        answer={linking.data === undefined ? asking : linked(linking.data.slackName)}
      />
      <PageBody>
        {linking.error !== null && (
          <p role="alert" className="text-breach text-sm">
            {sayFailure(linking.error)}
          </p>
        )}
        {linking.data === undefined && (
          <Button
            kind="primary"
            className="self-start"
            disabled={token === null || token === "" || linking.isPending}
            onClick={() => linking.mutate()}
          >
            Link the account
          </Button>
        )}
      </PageBody>
    </>
  );
}
