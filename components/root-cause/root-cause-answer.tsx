import type { RootCause } from "#lib/api/root-cause.ts";
import { prepareRootCause } from "#lib/charts/prepare-root-cause.ts";
import { SentenceText } from "../ui/sentence-text.tsx";
import { CauseBars } from "./cause-bars.tsx";
import { CauseSegmentTable } from "./cause-segment-table.tsx";

export interface RootCauseAnswerProps {
  workspace: string;
  model: string;
  cause: RootCause;
}

export function RootCauseAnswer({ workspace, model, cause }: RootCauseAnswerProps) {
  const answer = prepareRootCause(cause);
  return (
    <section aria-label="What explains it" className="min-w-0">
      <h2 className="flex flex-wrap items-baseline gap-x-3 font-semibold text-base">
        What explains it
        {answer.rows.length > 0 && (
          <span className="font-normal text-ink-3 text-xs">{answer.unit}</span>
        )}
      </h2>
      <p className="mt-1 max-w-4xl text-pretty text-base">
        <SentenceText parts={answer.headline} />
      </p>
      {answer.rows.length > 0 && <CauseBars workspace={workspace} model={model} answer={answer} />}
      {answer.details.map((detail, i) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: sentences have no names, and their order is theirs.
        <p key={i} className="mt-1 max-w-4xl text-pretty text-ink-2 text-sm">
          <SentenceText parts={detail} />
        </p>
      ))}
      {answer.segments.map((segments) => (
        <CauseSegmentTable
          key={segments.key}
          workspace={workspace}
          model={model}
          page={cause.of === "performance" ? "performance" : "drift"}
          segments={segments}
        />
      ))}
    </section>
  );
}
