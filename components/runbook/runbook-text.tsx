import type { ParsedRunbook } from "#lib/domain/runbook.ts";
import { MarkdownText } from "../ui/markdown-text.tsx";
import { StepCard } from "./step-card.tsx";

/** A runbook as it is read: its text, with its steps where they stand. */
export function RunbookText({ runbook }: { runbook: ParsedRunbook }) {
  return (
    <div className="flex min-w-0 flex-col gap-3">
      {runbook.parts.map((part) =>
        part.kind === "text" ? (
          <MarkdownText key={`text-${part.line}`} text={part.text} />
        ) : (
          <StepCard key={`step-${part.step.line}`} step={part.step} steps={runbook.steps} />
        ),
      )}
    </div>
  );
}
