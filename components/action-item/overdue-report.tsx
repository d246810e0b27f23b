import type { ActionItemList } from "#lib/api/action-item.ts";

/** Who is behind, and since when. */
export function OverdueReport({ owners }: { owners: ActionItemList["owners"] }) {
  const behind = owners.filter(({ overdue }) => overdue > 0);
  if (behind.length === 0) return null;
  return (
    <section aria-label="Overdue by owner">
      <h2 className="font-semibold text-base">Overdue by owner</h2>
      <ul className="mt-2 flex flex-col rounded-lg border">
        {behind.map(({ owner, overdue, open, oldestDueOn }) => (
          <li
            key={owner ?? ""}
            className="flex flex-wrap items-baseline gap-x-4 border-b px-3 py-1.5 text-sm last:border-b-0"
          >
            <span className={owner === null ? "flex-1 text-breach" : "flex-1"}>
              {owner ?? "Nobody"}
            </span>
            <span className="tabular text-ink-2">
              {overdue} of {open} overdue
            </span>
            <span className="tabular text-ink-3 text-xs">oldest was due {oldestDueOn}</span>
          </li>
        ))}
      </ul>
    </section>
  );
}
