"use client";

import { useQuery } from "@tanstack/react-query";
import { useRouter } from "next/navigation";
import type { ReactNode } from "react";
import { useEffect, useState } from "react";
import type { Onboarding } from "#lib/api/onboarding.ts";
import { onboardingQuery } from "#lib/api/onboarding.ts";
import type { Answer } from "#lib/charts/sentence.ts";
import { figure, name, plural, sentence } from "#lib/charts/sentence.ts";
import { RequestFailure } from "../request/query-view.tsx";
import { PageBody, PageHeader } from "../shell/page-header.tsx";
import { useUrlState } from "../shell/use-url-state.ts";
import { Skeleton } from "../ui/skeleton.tsx";
import { readNow } from "../ui/use-now.ts";
import { CodeTabs } from "./code-tabs.tsx";
import { FirstRow } from "./first-row.tsx";
import { KeyStep } from "./key-step.tsx";

/** Five lines of code, and the page that turns green when the first row arrives. */
export function GetStartedPage({ workspace }: { workspace: string }) {
  const router = useRouter();
  const { get } = useUrlState();
  const since = get("since");
  const isFixed = since !== undefined && Number.isFinite(Date.parse(since));
  // The moment of opening stands in the address, so that a reload goes on waiting for the same row.
  useEffect(() => {
    if (isFixed) return;
    const next = new URLSearchParams(window.location.search);
    next.set("since", new Date(readNow()).toISOString());
    router.replace(`?${next.toString()}`, { scroll: false });
  }, [isFixed, router]);
  const query = useQuery({ ...onboardingQuery(workspace, since ?? ""), enabled: isFixed });
  const [secret, setSecret] = useState<string | null>(null);
  // Code with a guessed address would be copied, and send its rows nowhere. This server passes rows on, if it comes to that.
  const url = query.data?.ingestUrl ?? (query.isError ? window.location.origin : null);
  return (
    <>
      <PageHeader
        crumbs={[{ label: "Get started", href: null }]}
        answer={answerOf(query.data)}
        isFailed={query.isError}
      />
      <PageBody>
        {query.isError && query.data === undefined && (
          <RequestFailure
            title="Waiting for the first row failed"
            error={query.error}
            onRetry={() => void query.refetch()}
          />
        )}
        <div className="grid gap-8 xl:grid-cols-[minmax(0,1fr)_minmax(0,420px)]">
          <ol className="flex min-w-0 flex-col gap-8">
            <Step number={1} title="Create a key">
              <KeyStep
                workspace={workspace}
                hasKey={query.data?.hasKey ?? false}
                secret={secret}
                onSecret={setSecret}
              />
            </Step>
            <Step number={2} title="Log a prediction">
              {url === null ? (
                <Skeleton className="h-48 w-full" />
              ) : (
                <CodeTabs url={url} apiKey={secret} />
              )}
            </Step>
          </ol>
          <div className="xl:pt-1">
            <FirstRow workspace={workspace} onboarding={query.data ?? null} />
          </div>
        </div>
      </PageBody>
    </>
  );
}

function answerOf(data: Onboarding | undefined): Answer | null {
  if (data === undefined) return null;
  if (data.firstRow !== null)
    return {
      health: "healthy",
      headline: sentence`The first row is in: ${name(data.firstRow.model)} in ${data.firstRow.environment}.`,
      detail: sentence`Its profile follows within a minute; drift needs a baseline to compare with.`,
    };
  return {
    health: null,
    headline: sentence`Five lines of code send the first row; this page turns green when it arrives.`,
    detail:
      data.modelCount === 0
        ? sentence`The model, its version and its features register themselves.`
        : sentence`${figure(String(data.modelCount))} ${plural(data.modelCount, "model is", "models are")} here already; a new one registers itself.`,
  };
}

function Step({ number, title, children }: { number: number; title: string; children: ReactNode }) {
  return (
    <li className="flex min-w-0 gap-3">
      <span
        aria-hidden
        className="tabular flex size-6 shrink-0 items-center justify-center rounded-full border border-line-strong text-ink-2 text-xs"
      >
        {number}
      </span>
      <div className="min-w-0 flex-1">
        <h2 className="mb-2 font-semibold text-base leading-6">{title}</h2>
        {children}
      </div>
    </li>
  );
}
