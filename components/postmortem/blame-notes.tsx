"use client";

import { TriangleAlert } from "lucide-react";
import type { BlameWarning } from "#lib/rules/blame-lint.ts";

export interface FieldWarning extends BlameWarning {
  /** The text, or a factor by its number. */
  where: string;
}

/** What to say otherwise. It refuses nothing. */
export function BlameNotes({
  warnings,
  onShow,
}: {
  warnings: readonly FieldWarning[];
  onShow: (warning: FieldWarning) => void;
}) {
  if (warnings.length === 0) return null;
  return (
    <ul aria-label="Wording" className="flex flex-col gap-1 text-xs">
      {warnings.map((warning) => (
        <li key={`${warning.where}${warning.from}`} className="flex items-start gap-1.5">
          <TriangleAlert size={13} aria-hidden className="mt-0.5 shrink-0 text-watch" />
          <span className="min-w-0">
            <button
              type="button"
              className="font-medium underline decoration-dotted hover:text-accent"
              onClick={() => onShow(warning)}
            >
              “{warning.found}”
            </button>{" "}
            {warning.where !== "text" && `in ${warning.where}. `}
            <span className="text-ink-2">{warning.suggestion}</span>
          </span>
        </li>
      ))}
    </ul>
  );
}
