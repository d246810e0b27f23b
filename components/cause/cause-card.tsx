"use client";

import { keepPreviousData, useQuery } from "@tanstack/react-query";
import { causeQuery } from "#lib/api/cause.ts";
import { prepareCauseAnswer } from "#lib/charts/prepare-cause-answer.ts";
import { toSegmentScope } from "../model/to-model-scope.ts";
import { useScope } from "../shell/use-scope.ts";
import { SentenceText } from "../ui/sentence-text.tsx";
import { Skeleton } from "../ui/skeleton.tsx";

export interface CauseCardProps {
  workspace: string;
  model: string;
  subject: string;
  feature: string;
}

/** What simple fault explains the drift of one feature. It comes after the panel, which does not wait for it; where it fails
 *  the panel says what it always says. */
export function CauseCard({ workspace, model, subject, feature }: CauseCardProps) {
  const scope = useScope();
  const { data, isPending, isError } = useQuery({
    ...causeQuery(workspace, model, {
      ...toSegmentScope(scope),
      ...scope.reference,
      subject,
      feature,
    }),
    placeholderData: keepPreviousData,
  });
  if (isPending) return <Skeleton className="h-10 w-full" />;
  if (isError)
    return <p className="text-ink-2 text-sm">What explains it could not be looked up just now.</p>;
  const answer = prepareCauseAnswer(data, scope.zone);
  if (answer === null) return null;
  return (
    <section aria-label="Likely cause" className="rounded-md border px-3 py-2.5">
      <h3 className="text-ink-2 text-xs">Likely cause</h3>
      <p className="mt-0.5 text-pretty text-sm">
        <SentenceText parts={answer.headline} />
      </p>
      {answer.details.map((detail, i) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: sentences have no names, and their order is theirs.
        <p key={i} className="mt-0.5 text-pretty text-ink-2 text-sm">
          <SentenceText parts={detail} />
        </p>
      ))}
      {answer.pairs.length > 0 && (
        <ul className="mt-1.5 flex flex-wrap gap-x-4 gap-y-0.5 font-mono text-xs">
          {answer.pairs.map(({ from, to }) => (
            <li key={from}>
              {from} → {to}
            </li>
          ))}
        </ul>
      )}
    </section>
  );
}
