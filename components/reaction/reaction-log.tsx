"use client";

import { useQuery } from "@tanstack/react-query";
import Link from "next/link";
import { reactionEvaluationListQuery } from "#lib/api/reaction.ts";
import { reactionEventNames } from "#lib/charts/draft-reaction.ts";
import type { ReactionOutcome } from "#lib/domain/reaction.ts";
import { QueryView } from "../request/query-view.tsx";
import { paths } from "../shell/paths.ts";
import { useUrlState } from "../shell/use-url-state.ts";
import { Button } from "../ui/button.tsx";
import { Select } from "../ui/select.tsx";
import { SkeletonTable } from "../ui/skeleton.tsx";
import { TimeText } from "../ui/time-text.tsx";

const outcomes = [
  { value: "meant", label: "Run or held back" },
  { value: "run", label: "Run" },
  { value: "held_back", label: "Held back" },
  { value: "all", label: "All, also those that were not meant" },
] as const;

const outcomeNames: Record<ReactionOutcome, string> = {
  run: "Run",
  dry_run: "Dry run",
  held_back: "Held back",
  not_meant: "Not meant",
};

/** How reactions came out, newest first, each with its reason. */
export function ReactionLog({ workspace }: { workspace: string }) {
  const { get, set } = useUrlState();
  const outcome = outcomes.find(({ value }) => value === get("outcome"))?.value ?? "meant";
  const before = Number(get("before") ?? Number.NaN);
  const query = useQuery({
    ...reactionEvaluationListQuery(workspace, {
      outcome,
      ...(Number.isSafeInteger(before) ? { before } : {}),
    }),
    refetchInterval: 10_000,
  });
  return (
    <section aria-label="Log" className="flex min-w-0 flex-col gap-3">
      <span className="self-start">
        <Select
          label="Which outcomes"
          value={outcome}
          options={outcomes}
          onChange={(value) => set({ outcome: value === "meant" ? null : value, before: null })}
        />
      </span>
      <QueryView query={query} what="The log" skeleton={<SkeletonTable rows={4} />}>
        {({ evaluations, next }) =>
          evaluations.length === 0 ? (
            <p className="text-ink-2 text-sm">No reaction has come to this yet.</p>
          ) : (
            <>
              <ul className="flex flex-col">
                {evaluations.map((each) => (
                  <li
                    key={each.id}
                    className="flex flex-wrap items-baseline gap-x-4 gap-y-0.5 border-b py-2 text-sm last:border-b-0"
                  >
                    <span className="w-24 shrink-0 font-medium">{outcomeNames[each.outcome]}</span>
                    <span className="min-w-0 flex-1 basis-64">
                      {each.reactionName}
                      <span className="block break-words text-ink-2">
                        {each.actionName}, when {reactionEventNames[each.event]}: {each.reason}
                      </span>
                    </span>
                    <Link
                      href={paths.incident(workspace, each.incident)}
                      prefetch={false}
                      className="text-accent hover:underline"
                    >
                      #{each.incident}
                    </Link>
                    <span className="tabular text-ink-2 text-xs">
                      <TimeText iso={each.at} />
                    </span>
                  </li>
                ))}
              </ul>
              {next !== null && (
                <Button className="self-start" onClick={() => set({ before: String(next) })}>
                  Older
                </Button>
              )}
            </>
          )
        }
      </QueryView>
    </section>
  );
}
