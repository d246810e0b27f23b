"use client";

import { useQuery } from "@tanstack/react-query";
import Link from "next/link";
import type { Incident, SimilarIncidents } from "#lib/api/incident.ts";
import { similarIncidentsQuery } from "#lib/api/incident.ts";
import { formatShare } from "#lib/charts/format-number.ts";
import { sayLikeness, sayRemedy } from "#lib/charts/say-similar.ts";
import { QueryView } from "../request/query-view.tsx";
import { paths } from "../shell/paths.ts";
import { SkeletonTable } from "../ui/skeleton.tsx";
import { TimeText } from "../ui/time-text.tsx";

/** Past incidents of the same shape, and what fixed them. */
export function SimilarPanel({ workspace, incident }: { workspace: string; incident: Incident }) {
  const query = useQuery(similarIncidentsQuery(workspace, incident.number));
  return (
    <section aria-label="Similar past incidents">
      <h2 className="font-semibold text-base">Similar past incidents</h2>
      <QueryView query={query} what="Similar incidents" skeleton={<SkeletonTable rows={2} />}>
        {(found) =>
          found.similar.length === 0 ? (
            <p className="mt-1 text-ink-2 text-sm">{sayNone(found)}</p>
          ) : (
            <ul className="mt-1">
              {found.similar.map((one) => (
                <Line key={one.incident.id} workspace={workspace} similar={one} />
              ))}
            </ul>
          )
        }
      </QueryView>
    </section>
  );
}

function sayNone({ hasSignature, comparedCount, likenessMin }: SimilarIncidents): string {
  if (!hasSignature) return "No alert opened it, so there is no shape to compare.";
  if (comparedCount === 0) return "It is the first incident with a shape to compare.";
  return `None of ${comparedCount} before it is like it by ${formatShare(likenessMin)} or more.`;
}

function Line({
  workspace,
  similar,
}: {
  workspace: string;
  similar: SimilarIncidents["similar"][number];
}) {
  const { incident } = similar;
  const remedy = sayRemedy(similar);
  return (
    <li className="border-b py-2 text-sm last:border-b-0">
      <p className="flex flex-wrap items-baseline gap-x-2">
        <Link
          href={paths.incident(workspace, incident.number)}
          prefetch={false}
          className="text-accent underline decoration-line-strong underline-offset-2 hover:decoration-accent"
        >
          #{incident.number} {incident.title}
        </Link>
        <span className="text-ink-3 text-xs">
          <TimeText iso={incident.detectedAt} isAbsolute />
        </span>
      </p>
      <p className="text-ink-2">{sayLikeness(similar)}</p>
      <p className="text-pretty break-words">
        <span className="text-ink-3">What fixed it:</span>{" "}
        {remedy ?? <span className="text-ink-3">nobody said</span>}
        {similar.hasPostmortem && (
          <>
            {" "}
            <Link
              href={paths.postmortem(workspace, incident.number)}
              prefetch={false}
              className="text-accent underline decoration-line-strong underline-offset-2 hover:decoration-accent"
            >
              Postmortem
            </Link>
          </>
        )}
      </p>
    </li>
  );
}
