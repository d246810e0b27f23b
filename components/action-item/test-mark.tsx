import { CircleCheck, CircleHelp, CircleX } from "lucide-react";
import type { ActionItem } from "#lib/api/action-item.ts";
import { testVerdictNames } from "#lib/charts/name-action-item.ts";

const marks = {
  passed: { Icon: CircleCheck, className: "text-healthy" },
  failed: { Icon: CircleX, className: "text-breach" },
  cannot_say: { Icon: CircleHelp, className: "text-ink-2" },
} as const;

/** How its acceptance test came out; nothing where it has none. */
export function TestMark({ item: { acceptance, testResult, isTestDue } }: { item: ActionItem }) {
  if (acceptance === null) return null;
  if (testResult === null) return <span className="text-ink-2 text-xs">Test has not run yet</span>;
  const { Icon, className } = marks[testResult.verdict];
  return (
    <span
      className={`inline-flex items-center gap-1 text-xs ${className}`}
      title={testResult.sentence}
    >
      <Icon size={13} aria-hidden />
      {testVerdictNames[testResult.verdict]}
      {isTestDue && <span className="text-ink-3">(runs again)</span>}
    </span>
  );
}
