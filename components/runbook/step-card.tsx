import type { ReactNode } from "react";
import { sayBranches, sayQuery, stepKindNames } from "#lib/charts/say-step.ts";
import type { RunbookStep } from "#lib/domain/runbook.ts";
import { Badge } from "../ui/badge.tsx";
import { MarkdownText } from "../ui/markdown-text.tsx";

export interface StepCardProps {
  step: RunbookStep;
  steps: readonly RunbookStep[];
  parameters?: Readonly<Record<string, string | null>>;
  children?: ReactNode;
}

/** One step: what it is, what it asks or acts, where it leads. */
export function StepCard({ step, steps, parameters, children }: StepCardProps) {
  return (
    <section aria-label={`Step ${step.number}`} className="rounded-lg border px-4 py-3">
      <div className="flex flex-wrap items-baseline gap-x-2.5 gap-y-1">
        <span className="tabular text-ink-3 text-sm">{step.number}</span>
        <h3 className="min-w-0 font-semibold text-base">{step.title}</h3>
        <Badge>{stepKindNames[step.kind]}</Badge>
      </div>
      <StepDetail step={step} steps={steps} {...(parameters !== undefined && { parameters })} />
      {children}
    </section>
  );
}

export function StepDetail({ step, steps, parameters }: StepCardProps) {
  return (
    <div className="mt-1 flex flex-col gap-2">
      {step.kind === "query" && <p className="text-ink-2 text-sm">{sayQuery(step.query)}.</p>}
      {step.kind === "action" && (
        <p className="text-ink-2 text-sm">
          Runs the action <code className="font-mono">{step.actionSlug}</code>.
        </p>
      )}
      {sayBranches(step, steps).map((branch) => (
        <p key={branch} className="text-ink-3 text-sm">
          {branch}
        </p>
      ))}
      {step.text !== "" && (
        <MarkdownText
          text={step.text}
          headingLevel={3}
          {...(parameters !== undefined && { parameters })}
        />
      )}
    </div>
  );
}
