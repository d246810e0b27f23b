import type { RunbookProblem } from "#lib/domain/runbook.ts";

/** What can't be meant, with its line; a click goes there. */
export function ProblemList({
  id,
  problems,
  onGo,
}: {
  id: string;
  problems: readonly RunbookProblem[];
  onGo: (line: number) => void;
}) {
  return (
    <div id={id} aria-live="polite">
      {problems.length === 0 ? (
        <p className="text-ink-3 text-xs">Every step can be read.</p>
      ) : (
        <ul className="flex max-h-48 flex-col gap-1 overflow-y-auto">
          {problems.map(({ line, message }) => (
            <li key={`${line} ${message}`}>
              <button
                type="button"
                onClick={() => onGo(line)}
                className="text-left text-breach text-sm hover:underline"
              >
                Line {line}: {message}
              </button>
            </li>
          ))}
        </ul>
      )}
    </div>
  );
}
