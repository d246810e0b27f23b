"use client";

import { useQuery } from "@tanstack/react-query";
import { useRouter } from "next/navigation";
import { useEffect } from "react";
import { sessionQuery } from "#lib/api/session.ts";
import { QueryView } from "../request/query-view.tsx";
import { EmptyState } from "../ui/empty-state.tsx";
import { Skeleton } from "../ui/skeleton.tsx";
import { paths } from "./paths.ts";

/** `/` is the first workspace's fleet. */
export function HomeRedirect() {
  const router = useRouter();
  const session = useQuery(sessionQuery());
  const first = session.data?.workspaces[0];
  useEffect(() => {
    if (first !== undefined) router.replace(paths.fleet(first.slug));
  }, [router, first]);
  return (
    <main className="mx-auto max-w-xl px-4 py-16">
      <QueryView
        query={session}
        what="Your workspaces"
        skeleton={<Skeleton className="h-6 w-64" />}
      >
        {(data) =>
          data.workspaces.length === 0 ? (
            <EmptyState title="You are in no workspace">
              Ask an owner or an admin of a workspace for an invitation to {data.user.email}.
            </EmptyState>
          ) : (
            <Skeleton className="h-6 w-64" />
          )
        }
      </QueryView>
    </main>
  );
}
