import { clsx } from "clsx";
import type { FeatureDrift } from "#lib/api/drift.ts";
import { prepareQuestions } from "#lib/charts/prepare-questions.ts";
import { FALSE_DISCOVERY_RATE } from "#lib/stats/false-discovery.ts";
import { VerdictShape } from "../charts/verdict-shape.tsx";

/** What the verdict asked of this feature, each question with what it found and what it was held against. */
export function QuestionList({ drift }: { drift: FeatureDrift }) {
  const questions = prepareQuestions(drift);
  if (questions.length === 0) return null;
  return (
    <section aria-label="What the verdict rests on">
      <h3 className="flex h-7 items-center justify-between border-b font-medium text-ink-2 text-xs">
        What the verdict rests on
        <span>p, adjusted</span>
      </h3>
      <ul>
        {questions.map((each) => (
          <li key={each.question} className="border-b py-1.5 text-sm">
            <p className="flex items-center gap-2">
              <VerdictShape verdict={each.verdict} />
              <span className={clsx(each.isDecisive && "font-medium")}>{each.label}</span>
              <span
                className={clsx(each.verdict === "drift" ? "font-semibold text-ink" : "text-ink-2")}
              >
                {each.outcome}
              </span>
              <span className="tabular ml-auto text-ink-2">{each.adjustedPValue}</span>
            </p>
            <p className="tabular pl-[18px] text-ink-2 text-xs">
              {each.words}. {each.sizes}.
            </p>
          </li>
        ))}
      </ul>
      <p className="mt-1.5 text-ink-3 text-xs">
        p is adjusted for every question about every feature together. Drift needs a p of at most{" "}
        {FALSE_DISCOVERY_RATE} and a change whose whole interval is more than negligible.
      </p>
    </section>
  );
}
