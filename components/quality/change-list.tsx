import type { Quality } from "#lib/api/quality.ts";
import { Badge } from "../ui/badge.tsx";
import { TimeText } from "../ui/time-text.tsx";

const kindNames = { new: "new", vanished: "vanished", type_changed: "type changed" } as const;
const shownMax = 12;

export interface ChangeListProps {
  changes: Quality["changes"];
  onOpen: (feature: { subject: string; feature: string }) => void;
}

/** New features, vanished ones and changed types: what no share of rows would say so plainly. */
export function ChangeList({ changes, onOpen }: ChangeListProps) {
  if (changes.length === 0) return null;
  return (
    <section aria-label="Schema changes" className="rounded-lg border px-4 py-3">
      <h2 className="font-semibold text-base">Schema changes</h2>
      <ul className="mt-1.5 flex flex-col gap-1.5">
        {changes.slice(0, shownMax).map((change) => (
          <li
            key={`${change.kind} ${change.feature}`}
            className="flex flex-wrap items-center gap-x-2 gap-y-0.5 text-sm"
          >
            <Badge>{kindNames[change.kind]}</Badge>
            <button
              type="button"
              className="max-w-64 truncate font-medium font-mono hover:underline"
              onClick={() => onOpen({ subject: "feature", feature: change.feature })}
            >
              {change.feature}
            </button>
            <span className="text-ink-2">{change.detail}</span>
            {change.since !== null && (
              <span className="text-ink-3">
                {change.kind === "vanished" ? "last seen " : "since "}
                <TimeText iso={change.since} />
              </span>
            )}
          </li>
        ))}
      </ul>
      {changes.length > shownMax && (
        <p className="mt-1.5 text-ink-3 text-xs">
          {changes.length - shownMax} more; the table below has all of them.
        </p>
      )}
    </section>
  );
}
