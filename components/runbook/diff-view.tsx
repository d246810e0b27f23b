import { clsx } from "clsx";
import type { RunbookDiff } from "#lib/api/runbook.ts";

const contextLines = 3;

/** Changed lines with some around them; what is the same between is left out and counted. */
export function DiffView({ lines }: { lines: readonly RunbookDiff["lines"][number][] }) {
  const isNear = (place: number) =>
    lines
      .slice(Math.max(0, place - contextLines), place + contextLines + 1)
      .some(({ kind }) => kind !== "same");
  const shown = lines.map((line, place) => ({ line, place })).filter(({ place }) => isNear(place));
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reached by keyboard
    <div tabIndex={0} className="overflow-x-auto rounded-lg border py-1 font-mono text-sm">
      {shown.map(({ line, place }, i) => {
        const skipped = place - (shown[i - 1]?.place ?? -1) - 1;
        return (
          <div key={`${line.before}-${line.after}`}>
            {skipped > 0 && <p className="px-3 text-ink-3 text-xs">{skipped} lines are the same</p>}
            <p
              className={clsx(
                "whitespace-pre-wrap px-3",
                line.kind === "added" && "bg-healthy-soft",
                line.kind === "removed" && "bg-breach-soft",
              )}
            >
              <span className="select-none text-ink-3">{marks[line.kind]} </span>
              {line.kind !== "same" && <span className="sr-only">{line.kind}: </span>}
              {line.text}
            </p>
          </div>
        );
      })}
    </div>
  );
}

const marks = { same: " ", added: "+", removed: "\u2212" } as const;
