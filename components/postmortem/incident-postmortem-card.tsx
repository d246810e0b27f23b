"use client";

import { useQuery } from "@tanstack/react-query";
import Link from "next/link";
import { useRouter } from "next/navigation";
import { createPostmortem, postmortemStatusQuery } from "#lib/api/postmortem.ts";
import { postmortemStateNames } from "#lib/charts/name-postmortem.ts";
import { QueryView, sayFailure } from "../request/query-view.tsx";
import { paths } from "../shell/paths.ts";
import { Badge } from "../ui/badge.tsx";
import { Button } from "../ui/button.tsx";
import { Skeleton } from "../ui/skeleton.tsx";
import { ItemsTable } from "./items-table.tsx";
import { useChange } from "./use-postmortem.ts";

/** What the incident taught, and what is still to be done about it. */
export function IncidentPostmortemCard({
  workspace,
  number,
}: {
  workspace: string;
  number: number;
}) {
  const router = useRouter();
  const query = useQuery(postmortemStatusQuery(workspace, number));
  const beginning = useChange(workspace, () => createPostmortem(workspace, number));
  const failure = sayFailure(beginning.error);
  return (
    <section aria-label="Postmortem">
      <h2 className="font-semibold text-base">Postmortem</h2>
      <div className="mt-2 flex flex-col gap-3">
        <QueryView query={query} what="The postmortem" skeleton={<Skeleton className="h-8 w-56" />}>
          {({ postmortem, refusal, openItems }) => (
            <>
              {postmortem !== null && (
                <p className="flex flex-wrap items-center gap-2 text-sm">
                  <Link
                    href={paths.postmortem(workspace, number)}
                    prefetch={false}
                    className="text-accent hover:underline"
                  >
                    {postmortem.title}
                  </Link>
                  <Badge>{postmortemStateNames[postmortem.state]}</Badge>
                </p>
              )}
              {postmortem === null && refusal !== null && (
                <p className="text-ink-2 text-sm">{refusal}</p>
              )}
              {postmortem === null && refusal === null && (
                <Button
                  className="self-start"
                  disabled={beginning.isPending}
                  onClick={() =>
                    beginning.mutate(undefined, {
                      onSuccess: () => router.push(paths.postmortem(workspace, number)),
                    })
                  }
                >
                  Draft the postmortem
                </Button>
              )}
              <ItemsTable workspace={workspace} items={openItems} />
            </>
          )}
        </QueryView>
        {failure !== null && (
          <p role="alert" className="text-breach text-sm">
            {failure}
          </p>
        )}
      </div>
    </section>
  );
}
