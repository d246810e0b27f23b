import { clsx } from "clsx";
import type { DistributionBar } from "#lib/charts/prepare-distribution.ts";

export interface DistributionBarsProps {
  rows: readonly DistributionBar[];
  edges: readonly DistributionBar[];
  hasReference: boolean;
}

/** A pair of bars a value; missing and ill-typed ones apart below. */
export function DistributionBars({ rows, edges, hasReference }: DistributionBarsProps) {
  return (
    <div className="flex flex-col text-xs">
      {rows.map((row) => (
        <Pair key={row.label} row={row} hasReference={hasReference} isEdge={false} />
      ))}
      {edges.length > 0 && (
        <div className="mt-1.5 border-t pt-1.5">
          {edges.map((row) => (
            <Pair key={row.label} row={row} hasReference={hasReference} isEdge />
          ))}
        </div>
      )}
    </div>
  );
}

function Pair({
  row,
  hasReference,
  isEdge,
}: {
  row: DistributionBar;
  hasReference: boolean;
  isEdge: boolean;
}) {
  const [share = "", count = ""] = row.windowText.split(" (");
  return (
    <div
      className="grid h-6 grid-cols-[minmax(64px,28%)_1fr_52px] items-center gap-2"
      title={`${row.label}: window ${share} (${count}${hasReference ? `, reference ${row.referenceText}` : ""}`}
    >
      <span
        className={clsx("truncate text-right", isEdge ? "text-ink-3 italic" : "font-mono text-ink")}
      >
        {row.label}
        {row.isNew && (
          <span className="ml-1.5 rounded-sm bg-watch-soft px-1 font-medium font-sans text-2xs text-watch not-italic">
            new
          </span>
        )}
      </span>
      <span aria-hidden className="relative block h-4">
        {hasReference && (
          <span
            className="absolute top-0 left-0 h-full rounded-r-[2px] bg-baseline-soft"
            style={{
              width: `${row.reference * 100}%`,
              borderRight: row.reference > 0 ? "2px solid var(--color-baseline)" : undefined,
            }}
          />
        )}
        <span
          className="absolute top-1 left-0 h-2 rounded-r-[2px] bg-window"
          style={{ width: `${row.window * 100}%`, minWidth: row.window > 0 ? 1 : 0 }}
        />
      </span>
      <span className="tabular text-right text-ink-2">{share}</span>
    </div>
  );
}
