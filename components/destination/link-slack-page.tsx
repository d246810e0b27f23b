"use client";

import { useMutation, useQuery } from "@tanstack/react-query";
import type { SlackLinkDescription } from "#lib/api/destination.ts";
import { linkSlackAccount, slackLinkQuery } from "#lib/api/destination.ts";
import type { Answer } from "#lib/charts/sentence.ts";
import { name, sentence } from "#lib/charts/sentence.ts";
import { QueryView, sayFailure } from "../request/query-view.tsx";
import { SettingsHeader } from "../settings/settings-header.tsx";
import { PageBody } from "../shell/page-header.tsx";
import { useHash } from "../shell/use-hash.ts";
import { Button } from "../ui/button.tsx";
import { Skeleton } from "../ui/skeleton.tsx";

function asking({ slackName, person }: SlackLinkDescription): Answer {
  return {
    health: null,
    headline: sentence`${name(slackName)} in Slack wants to answer incidents as ${name(person.name)}.`,
    detail: sentence`Link the accounts only if this is your own account in Slack and you pressed the button there just now. If somebody sent you this link, close the page: what they press in Slack would be done in your name.`,
  };
}

const linked = (slackName: string): Answer => ({
  health: null,
  headline: sentence`${name(slackName)} in Slack is you from now on.`,
  detail: sentence`Go back to Slack and press the button again.`,
});

const nameless: Answer = {
  health: null,
  headline: sentence`This address names nobody.`,
  detail: sentence`Open the link that Slack showed you when you pressed a button of a message of ours.`,
};

/** The link was shown to one person in Slack, who may have passed it on: whose it is stands here before anybody agrees. */
export function LinkSlackPage({ workspace }: { workspace: string }) {
  const token = useHash();
  const link = useQuery({ ...slackLinkQuery(workspace, token ?? ""), enabled: Boolean(token) });
  const linking = useMutation({ mutationFn: () => linkSlackAccount(workspace, token ?? "") });
  const failure = sayFailure(linking.error);
  return (
    <>
      <SettingsHeader workspace={workspace} isFailed={link.isError} answer={answerOf()} />
      <PageBody>
        {token !== "" && (
          <QueryView query={link} what="The link" skeleton={<Skeleton className="h-40 max-w-xl" />}>
            {(found) => (
              <>
                <Accounts link={found} />
                {failure !== null && (
                  <p role="alert" className="text-breach text-sm">
                    {failure}
                  </p>
                )}
                {linking.data === undefined && (
                  <Button
                    kind="primary"
                    className="self-start"
                    disabled={linking.isPending}
                    onClick={() => linking.mutate()}
                  >
                    {`This is me: link ${found.slackName}`}
                  </Button>
                )}
              </>
            )}
          </QueryView>
        )}
      </PageBody>
    </>
  );

  function answerOf(): Answer | null {
    if (token === "") return nameless;
    if (linking.data !== undefined) return linked(linking.data.slackName);
    return link.data === undefined ? null : asking(link.data);
  }
}

function Accounts({ link }: { link: SlackLinkDescription }) {
  const { slackName, slackUserId, teamId, teamDomain, person } = link;
  const rows = [
    ["In Slack", `@${slackName}`, `member ${slackUserId}`],
    [
      "Slack workspace",
      teamDomain === null ? teamId : `${teamDomain}.slack.com`,
      teamDomain === null ? "" : `team ${teamId}`,
    ],
    ["Here, signed in", person.name, person.email],
  ] as const;
  return (
    <dl className="grid max-w-xl grid-cols-[auto_1fr] gap-x-6 gap-y-2 rounded-lg border p-4 text-sm">
      {rows.map(([label, value, note]) => (
        <div key={label} className="contents">
          <dt className="text-ink-2">{label}</dt>
          <dd className="min-w-0 break-words">
            {value}
            {note !== "" && <span className="block text-ink-3 text-xs">{note}</span>}
          </dd>
        </div>
      ))}
    </dl>
  );
}
