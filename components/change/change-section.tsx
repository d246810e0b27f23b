"use client";

import { keepPreviousData, useQuery } from "@tanstack/react-query";
import type { Change } from "#lib/api/change.ts";
import { changeListQuery } from "#lib/api/change.ts";
import { changeKindNames, sayChangeScope } from "#lib/charts/name-change.ts";
import { plural } from "#lib/charts/sentence.ts";
import { QueryView } from "../request/query-view.tsx";
import { SkeletonTable } from "../ui/skeleton.tsx";
import { TimeText } from "../ui/time-text.tsx";

const shownMax = 50;
const refetchMs = 60_000;

/** What was changed around a model in a stretch of time, newest first. */
export function ChangeSection({
  workspace,
  model,
  environment,
  from,
  until,
}: {
  workspace: string;
  model: string;
  environment: string;
  from: string;
  until: string;
}) {
  const query = useQuery({
    ...changeListQuery(workspace, { model, environment, from, until }),
    refetchInterval: refetchMs,
    placeholderData: keepPreviousData,
  });
  return (
    <section aria-label="Changes" className="flex min-w-0 flex-col gap-2">
      <h2 className="font-semibold text-base">Changes</h2>
      <QueryView query={query} what="The changes" skeleton={<SkeletonTable rows={2} />}>
        {({ changes }) =>
          changes.length === 0 ? (
            <p className="text-ink-2 text-sm">
              Nobody told of a change in this time. A deployment tells by{" "}
              <code className="font-mono text-xs">plumbline change deployment "what"</code>, an SDK
              or the API; it then stands on every chart.
            </p>
          ) : (
            <>
              <ul className="flex flex-col">
                {changes.slice(0, shownMax).map((change) => (
                  <ChangeLine key={change.id} change={change} />
                ))}
              </ul>
              {changes.length > shownMax && (
                <p className="text-ink-2 text-sm">
                  {changes.length - shownMax} more {plural(changes.length - shownMax, "change")} in
                  this time; choose a shorter one to see them.
                </p>
              )}
            </>
          )
        }
      </QueryView>
    </section>
  );
}

function ChangeLine({ change }: { change: Change }) {
  const { kind, title, url, occurredAt, source, recordedBy } = change;
  return (
    <li className="flex flex-wrap items-baseline gap-x-4 gap-y-0.5 border-b py-2 text-sm last:border-b-0">
      <span className="w-32 shrink-0 text-ink-2">{changeKindNames[kind]}</span>
      <span className="min-w-0 flex-1 basis-60">
        {url === null ? (
          title
        ) : (
          <a
            href={url}
            target="_blank"
            rel="noreferrer"
            className="text-accent underline decoration-line-strong underline-offset-2 hover:decoration-accent"
          >
            {title}
          </a>
        )}
        <span className="block text-ink-3 text-xs">
          {sayChangeScope(change)}; told by {source === "" ? recordedBy : source}
        </span>
      </span>
      <span className="tabular text-ink-2 text-xs">
        <TimeText iso={occurredAt} />
      </span>
    </li>
  );
}
