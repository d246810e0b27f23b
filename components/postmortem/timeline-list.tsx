import type { PostmortemEntry } from "#lib/api/postmortem.ts";
import { TimeText } from "../ui/time-text.tsx";

/** The curated timeline, as it is read. */
export function TimelineList({ entries }: { entries: readonly PostmortemEntry[] }) {
  const shown = entries.filter(({ isIncluded }) => isIncluded);
  if (shown.length === 0) return <p className="text-ink-3 text-sm">No entry is taken in.</p>;
  return (
    <ol className="flex flex-col">
      {shown.map(({ id, occurredAt, text, link }) => (
        <li
          key={id}
          className="flex gap-4 border-b py-1.5 text-sm last:border-b-0 max-sm:flex-col max-sm:gap-0"
        >
          <span className="w-44 shrink-0 text-ink-2 text-xs leading-5">
            <TimeText iso={occurredAt} isAbsolute />
          </span>
          <span className="wrap-anywhere min-w-0">
            {text}{" "}
            {link !== "" && (
              <a href={link} target="_blank" rel="noreferrer" className="text-accent underline">
                evidence
              </a>
            )}
          </span>
        </li>
      ))}
    </ol>
  );
}
