"use client";

import { useQuery } from "@tanstack/react-query";
import Link from "next/link";
import { postmortemListQuery } from "#lib/api/postmortem.ts";
import { preparePostmortemsAnswer } from "#lib/charts/prepare-postmortem-answer.ts";
import { AsOf } from "../request/as-of.tsx";
import { QueryView } from "../request/query-view.tsx";
import { PageBody, PageHeader } from "../shell/page-header.tsx";
import { paths } from "../shell/paths.ts";
import { buttonClass } from "../ui/button.tsx";
import { EmptyState } from "../ui/empty-state.tsx";
import { SkeletonTable } from "../ui/skeleton.tsx";
import { PostmortemTable } from "./postmortem-table.tsx";
import { PostmortemTabs } from "./postmortem-tabs.tsx";

const refetchMs = 30_000;

/** What did incidents teach? */
export function PostmortemsPage({ workspace }: { workspace: string }) {
  const query = useQuery({ ...postmortemListQuery(workspace), refetchInterval: refetchMs });
  return (
    <>
      <PageHeader
        crumbs={[{ label: "Postmortems", href: null }]}
        asOf={<AsOf query={query} />}
        isFailed={query.isError}
        answer={query.data ? preparePostmortemsAnswer(query.data) : null}
        tabs={<PostmortemTabs workspace={workspace} />}
      />
      <PageBody>
        <QueryView query={query} what="The postmortems" skeleton={<SkeletonTable rows={6} />}>
          {({ postmortems }) =>
            postmortems.length === 0 ? (
              <EmptyState
                title="None has been begun"
                action={
                  <Link href={paths.incidents(workspace)} className={buttonClass()}>
                    Open the incidents
                  </Link>
                }
              >
                A postmortem begins on the page of an incident, once it is resolved. Its timeline,
                its figures and what would have found it sooner are filled in from there.
              </EmptyState>
            ) : (
              <PostmortemTable workspace={workspace} postmortems={postmortems} />
            )
          }
        </QueryView>
      </PageBody>
    </>
  );
}
