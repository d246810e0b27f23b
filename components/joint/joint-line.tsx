"use client";

import { useQuery } from "@tanstack/react-query";
import { jointQuery } from "#lib/api/joint.ts";
import { prepareJointAnswer } from "#lib/charts/prepare-joint-answer.ts";
import { RunNow } from "../job/run-now.tsx";
import { useScope } from "../shell/use-scope.ts";
import { SentenceText } from "../ui/sentence-text.tsx";
import { Skeleton } from "../ui/skeleton.tsx";
import { StatusShape } from "../ui/status-mark.tsx";

/** Have all features together moved? Judged once a day; the columns by which it shows stand below. */
export function JointLine({ workspace, model }: { workspace: string; model: string }) {
  const scope = useScope();
  const { data, isPending, isError } = useQuery(
    jointQuery(workspace, model, {
      ...(scope.environment === undefined ? {} : { environment: scope.environment }),
      ...(scope.version === undefined ? {} : { version: scope.version }),
    }),
  );
  if (isPending) return <Skeleton className="h-12 w-full" />;
  if (isError)
    return (
      <p className="text-ink-2 text-sm">
        Whether all features together drift could not be looked up just now.
      </p>
    );
  const answer = prepareJointAnswer(data, scope.zone);
  return (
    <section aria-label="All features together" className="flex gap-2.5">
      {answer.health !== null && (
        <span className="pt-1">
          <StatusShape status={answer.health} size={12} />
        </span>
      )}
      <div className="min-w-0">
        <p className="text-pretty text-sm">
          <SentenceText parts={answer.headline} />
        </p>
        <p className="mt-0.5 text-ink-2 text-sm">
          <SentenceText parts={answer.detail} />
        </p>
        <div className="mt-1">
          <RunNow workspace={workspace} model={model} kind="joint" />
        </div>
        {answer.contributions.length > 0 && (
          <ul className="mt-1 flex flex-wrap gap-x-4 gap-y-0.5 text-sm">
            {answer.contributions.map(({ feature, shareText }) => (
              <li key={feature}>
                <span className="font-mono">{feature}</span>{" "}
                <span className="text-ink-2">{shareText} of the gain</span>
              </li>
            ))}
          </ul>
        )}
        {answer.embeddings.map((embedding) => (
          <p key={embedding.name} className="mt-0.5 text-sm">
            <SentenceText parts={embedding.text} />
          </p>
        ))}
      </div>
    </section>
  );
}
