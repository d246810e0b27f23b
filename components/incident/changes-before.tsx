"use client";

import { useQuery } from "@tanstack/react-query";
import Link from "next/link";
import { changeListQuery } from "#lib/api/change.ts";
import type { Incident } from "#lib/api/incident.ts";
import { changeKindNames } from "#lib/charts/name-change.ts";
import type { ChangeBefore } from "#lib/charts/prepare-changes-before.ts";
import { changesBefore, prepareChangesBefore } from "#lib/charts/prepare-changes-before.ts";
import { QueryView } from "../request/query-view.tsx";
import { paths } from "../shell/paths.ts";
import { SkeletonTable } from "../ui/skeleton.tsx";
import { TimeText } from "../ui/time-text.tsx";

const shownMax = 8;

/** What was changed, and what else broke, just before the impact began. */
export function ChangesBefore({ workspace, incident }: { workspace: string; incident: Incident }) {
  const { model, environment } = incident;
  const query = useQuery(
    changeListQuery(workspace, {
      ...changesBefore(incident),
      ...(model === null ? {} : { model }),
      ...(environment === "" ? {} : { environment }),
    }),
  );
  return (
    <section aria-label="What changed just before">
      <h2 className="font-semibold text-base">What changed just before</h2>
      <QueryView query={query} what="The changes" skeleton={<SkeletonTable rows={2} />}>
        {(found) => {
          const changes = prepareChangesBefore(found, incident);
          if (changes.length === 0)
            return (
              <p className="mt-1 text-ink-2 text-sm">
                Nobody told of a change, no version was new and nothing else was open from a day
                before the impact until it was noticed.
              </p>
            );
          return (
            <>
              <ul className="mt-1">
                {changes.slice(0, shownMax).map((change) => (
                  <Line key={change.id} workspace={workspace} change={change} />
                ))}
              </ul>
              {changes.length > shownMax && (
                <p className="text-ink-3 text-xs">
                  {changes.length - shownMax} more further from where the impact began.
                </p>
              )}
            </>
          );
        }}
      </QueryView>
    </section>
  );
}

function Line({ workspace, change }: { workspace: string; change: ChangeBefore }) {
  const { kind, title, url, number, distance, occurredAt } = change;
  return (
    <li className="flex flex-wrap items-baseline gap-x-3 border-b py-2 text-sm last:border-b-0">
      <span className="w-32 shrink-0 text-ink-2">
        {kind === "incident" ? "Incident" : changeKindNames[kind]}
      </span>
      <span className="min-w-0 flex-1 basis-52 break-words">
        <Title workspace={workspace} title={title} url={url} number={number} />
        <span className="block text-ink-3 text-xs">
          {distance}, <TimeText iso={occurredAt} isAbsolute />
        </span>
      </span>
    </li>
  );
}

function Title({
  workspace,
  title,
  url,
  number,
}: { workspace: string } & Pick<ChangeBefore, "title" | "url" | "number">) {
  if (number !== null)
    return (
      <Link
        href={paths.incident(workspace, number)}
        prefetch={false}
        className="text-accent underline decoration-line-strong underline-offset-2 hover:decoration-accent"
      >
        #{number} {title}
      </Link>
    );
  if (url === null) return title;
  return (
    <a
      href={url}
      target="_blank"
      rel="noreferrer"
      className="text-accent underline decoration-line-strong underline-offset-2 hover:decoration-accent"
    >
      {title}
    </a>
  );
}
