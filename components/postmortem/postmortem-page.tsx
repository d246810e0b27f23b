"use client";

import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import type { Postmortem } from "#lib/api/postmortem.ts";
import { createPostmortem, postmortemQuery, updatePostmortem } from "#lib/api/postmortem.ts";
import { RequestError } from "#lib/api/request.ts";
import { sessionQuery } from "#lib/api/session.ts";
import { preparePostmortemAnswer } from "#lib/charts/prepare-postmortem-answer.ts";
import { postmortemLimits } from "#lib/domain/postmortem.ts";
import { AsOf } from "../request/as-of.tsx";
import { QueryView, sayFailure } from "../request/query-view.tsx";
import { PageBody, PageHeader } from "../shell/page-header.tsx";
import { paths } from "../shell/paths.ts";
import { useUrlState } from "../shell/use-url-state.ts";
import { Button } from "../ui/button.tsx";
import { EmptyState } from "../ui/empty-state.tsx";
import { Input } from "../ui/field.tsx";
import { Skeleton, SkeletonTable } from "../ui/skeleton.tsx";
import { PostmortemActions } from "./postmortem-actions.tsx";
import { PostmortemFacts } from "./postmortem-facts.tsx";
import { SectionBody } from "./section-body.tsx";
import { SectionView } from "./section-view.tsx";
import { useChange } from "./use-postmortem.ts";

const refetchMs = 15_000;

/** One postmortem: written section by section until it is published, and read from there on. */
export function PostmortemPage({ workspace, number }: { workspace: string; number: number }) {
  const { get } = useUrlState();
  const asked = Number(get("edition"));
  const edition = Number.isInteger(asked) && asked > 0 ? asked : undefined;
  const query = useQuery({
    ...postmortemQuery(workspace, number, edition),
    refetchInterval: refetchMs,
  });
  const isAbsent =
    query.error instanceof RequestError &&
    query.error.problem.status === 404 &&
    edition === undefined;
  return (
    <>
      <PageHeader
        crumbs={[
          { label: "Postmortems", href: paths.postmortems(workspace) },
          { label: `#${number}`, href: null },
        ]}
        asOf={<AsOf query={query} />}
        isFailed={query.isError}
        answer={query.data === undefined ? null : preparePostmortemAnswer(query.data)}
      />
      <PageBody>
        {isAbsent ? (
          <Absent workspace={workspace} number={number} />
        ) : (
          <QueryView
            query={query}
            what={`The postmortem of #${number}`}
            skeleton={<PageSkeleton />}
          >
            {(postmortem) => <Body workspace={workspace} postmortem={postmortem} />}
          </QueryView>
        )}
      </PageBody>
    </>
  );
}

function Body({ workspace, postmortem }: { workspace: string; postmortem: Postmortem }) {
  const session = useQuery(sessionQuery());
  const isReadOnly = postmortem.isFrozen;
  const missing = new Set(postmortem.blockers.map(({ path }) => path));
  return (
    <>
      <PostmortemActions
        workspace={workspace}
        postmortem={postmortem}
        userId={session.data?.user.id ?? null}
      />
      <div className="grid gap-8 xl:grid-cols-[minmax(0,1fr)_320px]">
        <div className="flex min-w-0 flex-col gap-6">
          {!isReadOnly && <TitleForm workspace={workspace} postmortem={postmortem} />}
          {postmortem.sections.map((section) => (
            <SectionView
              key={section.key}
              workspace={workspace}
              postmortem={postmortem}
              section={section}
              isReadOnly={isReadOnly}
              isMissing={missing.has(`sections.${section.key}`)}
            >
              <SectionBody
                workspace={workspace}
                postmortem={postmortem}
                kind={section.kind}
                isReadOnly={isReadOnly}
              />
            </SectionView>
          ))}
        </div>
        <PostmortemFacts workspace={workspace} postmortem={postmortem} isReadOnly={isReadOnly} />
      </div>
    </>
  );
}

function TitleForm({ workspace, postmortem }: { workspace: string; postmortem: Postmortem }) {
  const { incident, title, revision } = postmortem;
  // With the revision at which somebody began to type: what another saves meanwhile is refused by it, and not overwritten.
  const [typed, setTyped] = useState<{ text: string; revision: number } | null>(null);
  const saving = useChange(workspace, (next: { title: string; revision: number }) =>
    updatePostmortem(workspace, incident.number, next),
  );
  const failure = sayFailure(saving.error);
  const next = typed?.text.trim() ?? "";
  const isChanged = next !== title && next !== "";
  return (
    <form
      className="flex flex-wrap items-center gap-2"
      onSubmit={(event) => {
        event.preventDefault();
        if (typed !== null && isChanged)
          saving.mutate(
            { title: next, revision: typed.revision },
            { onSuccess: () => setTyped(null), onError: () => setTyped({ ...typed, revision }) },
          );
      }}
    >
      <Input
        aria-label="Title"
        className="max-w-[72ch] flex-1 font-semibold"
        maxLength={postmortemLimits.titleLengthMax}
        value={typed?.text ?? title}
        onChange={({ target }) =>
          setTyped({ text: target.value, revision: typed?.revision ?? revision })
        }
      />
      {isChanged && (
        <Button type="submit" size="sm" disabled={saving.isPending}>
          Save the title
        </Button>
      )}
      {failure !== null && (
        <p role="alert" className="w-full text-breach text-sm">
          {failure}
        </p>
      )}
    </form>
  );
}

function Absent({ workspace, number }: { workspace: string; number: number }) {
  const beginning = useChange(workspace, () => createPostmortem(workspace, number));
  const failure = sayFailure(beginning.error);
  return (
    <EmptyState
      title={`Nobody has begun a postmortem of #${number}`}
      action={
        <Button
          kind="primary"
          disabled={beginning.isPending}
          onClick={() => beginning.mutate(undefined)}
        >
          Begin it
        </Button>
      }
    >
      {failure ??
        "It is drafted from the incident: its timeline, its figures, and what would have found it sooner."}
    </EmptyState>
  );
}

function PageSkeleton() {
  return (
    <div aria-hidden className="flex flex-col gap-8">
      <Skeleton className="h-9 w-72" />
      <Skeleton className="h-24 w-full" />
      <SkeletonTable rows={5} />
    </div>
  );
}
