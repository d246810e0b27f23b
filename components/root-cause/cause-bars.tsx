import { clsx } from "clsx";
import Link from "next/link";
import type { CauseRow, RootCauseModel } from "#lib/charts/prepare-root-cause.ts";
import { paths } from "../shell/paths.ts";
import { useScope } from "../shell/use-scope.ts";

export interface CauseBarsProps {
  workspace: string;
  model: string;
  answer: RootCauseModel;
}

/** The change as a waterfall: the whole on top, then each part from where the one before ended. */
export function CauseBars({ workspace, model, answer }: CauseBarsProps) {
  const { href } = useScope();
  return (
    <ol className="my-3 max-w-4xl border-t text-sm">
      {answer.rows.map((row) => (
        <li
          key={row.key}
          className={clsx(
            "grid grid-cols-[minmax(0,1fr)_auto] items-center gap-x-4 border-b px-1 py-1.5",
            "sm:grid-cols-[minmax(0,15rem)_minmax(0,1fr)_9.5rem]",
            row.feature !== null && "relative hover:bg-hover",
          )}
        >
          <div className="min-w-0">
            {row.feature === null ? (
              <span className={row.kind === "whole" ? "font-medium" : "text-ink-2"}>
                {row.label}
              </span>
            ) : (
              <Link
                href={href(paths.model(workspace, model, "drift"), { feature: row.feature })}
                prefetch={false}
                className="focus-inset break-words font-mono text-[0.92em] text-accent after:absolute after:inset-0"
              >
                {row.label}
              </Link>
            )}
            {row.note !== "" && <span className="block text-ink-3 text-xs">{row.note}</span>}
          </div>
          <CauseTrack row={row} zero={answer.zero} />
          <div className="tabular text-right max-sm:col-start-2 max-sm:row-start-1">
            <span className={row.isBeyondNoise ? "font-medium" : "text-ink-2"}>
              {row.valueText}
            </span>
            <span className="block text-ink-3 text-xs">
              {row.intervalText}
              {!row.isBeyondNoise && row.intervalText !== "" && <>, noise</>}
            </span>
          </div>
        </li>
      ))}
    </ol>
  );
}

const percent = (share: number) => `${share * 100}%`;

/** The figures beside it say the same: it is drawn for the eye alone. */
function CauseTrack({ row, zero }: { row: CauseRow; zero: number }) {
  const { bar } = row;
  return (
    <div aria-hidden className="relative h-5 max-sm:col-span-2 max-sm:mt-1">
      <span className="absolute inset-y-0 w-px bg-line-strong" style={{ left: percent(zero) }} />
      <span
        className={clsx(
          "absolute inset-y-1 min-w-0.5 rounded-sm",
          row.isBeyondNoise ? fills[row.kind] : "border border-line-strong bg-sunken",
        )}
        style={{ left: percent(bar.from), width: percent(bar.until - bar.from) }}
      />
      {bar.high > bar.low && (
        <span
          className="absolute top-1/2 h-px bg-ink"
          style={{ left: percent(bar.low), width: percent(bar.high - bar.low) }}
        />
      )}
    </div>
  );
}

const fills: Record<CauseRow["kind"], string> = {
  whole: "bg-ink-3",
  feature: "bg-window",
  rest: "bg-baseline",
  interaction: "bg-baseline",
  remainder: "bg-baseline",
};
