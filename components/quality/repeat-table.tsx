"use client";

import { useQuery } from "@tanstack/react-query";
import Link from "next/link";
import type { Repeats } from "#lib/api/quality.ts";
import { repeatsQuery } from "#lib/api/quality.ts";
import { formatCount, formatShare } from "#lib/charts/format-number.ts";
import { plural } from "#lib/charts/sentence.ts";
import { toSegmentScope } from "../model/to-model-scope.ts";
import { QueryView } from "../request/query-view.tsx";
import { paths } from "../shell/paths.ts";
import { useScope } from "../shell/use-scope.ts";
import { Skeleton } from "../ui/skeleton.tsx";
import { TimeText } from "../ui/time-text.tsx";

const kindNames = {
  identical: "sent again, the same",
  changed: "sent again with other values",
  conflict: "sent again with another time",
} as const;

/** Predictions that came more than once: how many, and some of them. */
export function RepeatTable({ workspace, model }: { workspace: string; model: string }) {
  const scope = useScope();
  const query = useQuery(repeatsQuery(workspace, model, toSegmentScope(scope)));
  return (
    <section aria-label="Sent more than once">
      <h2 className="font-semibold text-base">Sent more than once</h2>
      <QueryView
        query={query}
        what="What was sent more than once"
        skeleton={<Skeleton className="mt-2 h-5 w-96 max-w-full" />}
      >
        {(repeats) => (
          <>
            <p className="mt-1 text-ink-2 text-sm">{sayRepeats(repeats)}</p>
            {repeats.samples.length > 0 && (
              <ul className="mt-2 divide-y rounded-lg border">
                {repeats.samples.map((sample) => (
                  <li
                    key={sample.predictionId}
                    className="flex flex-wrap items-center gap-x-3 gap-y-0.5 px-3 py-1.5 text-sm"
                  >
                    <Link
                      href={scope.href(paths.model(workspace, model, "rows"), {
                        predictionId: sample.predictionId,
                      })}
                      prefetch={false}
                      className="max-w-56 truncate font-mono text-accent hover:underline"
                    >
                      {sample.predictionId}
                    </Link>
                    <span>{kindNames[sample.kind]}</span>
                    <span className="text-ink-3">
                      {formatCount(sample.rowCount)} rows, first <TimeText iso={sample.firstAt} />
                      {sample.firstAt !== sample.lastAt && (
                        <>
                          , last <TimeText iso={sample.lastAt} />
                        </>
                      )}
                    </span>
                  </li>
                ))}
              </ul>
            )}
          </>
        )}
      </QueryView>
    </section>
  );
}

function sayRepeats(repeats: Repeats): string {
  const { idCount, repeatedCount, conflictCount, sampledShare } = repeats;
  const looked =
    sampledShare < 1 ? ` (one id of ${Math.round(1 / sampledShare)} was looked at)` : "";
  const ids = `${formatCount(idCount)} ${plural(idCount, "id")}${looked}`;
  if (repeatedCount === 0)
    return `None of ${ids} is stored more than once. What is sent twice within five minutes becomes one row.`;
  return `At least ${formatCount(repeatedCount)} of ${ids} came more than once (${formatShare(repeatedCount / Math.max(1, idCount))}); ${formatCount(conflictCount)} of them with another time, which makes two predictions of one.`;
}
