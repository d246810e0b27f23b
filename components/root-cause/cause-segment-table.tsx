import { clsx } from "clsx";
import Link from "next/link";
import type { CauseSegments } from "#lib/charts/prepare-root-cause.ts";
import type { ModelPage } from "../shell/paths.ts";
import { paths } from "../shell/paths.ts";
import { useScope } from "../shell/use-scope.ts";
import { SentenceText } from "../ui/sentence-text.tsx";

export interface CauseSegmentTableProps {
  workspace: string;
  model: string;
  /** Where a segment is opened. */
  page: ModelPage;
  segments: CauseSegments;
}

const head = "whitespace-nowrap px-2 py-1.5 font-normal text-ink-3 text-xs";
const cell = "tabular whitespace-nowrap px-2 py-1.5 text-right";

/** The change by the values of one tag: how much came of shares that moved, how much of segments that behave otherwise. */
export function CauseSegmentTable({ workspace, model, page, segments }: CauseSegmentTableProps) {
  const { href } = useScope();
  return (
    <section aria-label={`By ${segments.key}`} className="mt-4 max-w-4xl">
      <p className="text-pretty text-sm">
        <SentenceText parts={segments.headline} />
      </p>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reachable by keyboard. */}
      <div className="mt-1.5 overflow-x-auto" tabIndex={0}>
        <table className="w-full text-sm">
          <thead>
            <tr className="border-b">
              <th scope="col" className={clsx(head, "text-left")}>
                {segments.key}
              </th>
              <th scope="col" className={clsx(head, "text-right")}>
                Adds
              </th>
              <th scope="col" className={clsx(head, "text-right")}>
                by its share
              </th>
              <th scope="col" className={clsx(head, "text-right")}>
                by its behaviour
              </th>
              <th scope="col" className={clsx(head, "text-right")}>
                Share of rows
              </th>
              <th scope="col" className={clsx(head, "text-right")}>
                {segments.meanOf}
              </th>
              <th scope="col" className={clsx(head, "text-right")}>
                Rows
              </th>
            </tr>
          </thead>
          <tbody>
            {segments.rows.map((row) => (
              <tr
                key={row.key}
                className={clsx(
                  "relative border-b hover:bg-hover",
                  !row.isBeyondNoise && "text-ink-2",
                )}
              >
                <th scope="row" className="min-w-[10ch] px-2 py-1.5 text-left font-normal">
                  <Link
                    href={href(paths.model(workspace, model, page), {
                      segmentKey: segments.key,
                      segmentValue: row.key,
                    })}
                    prefetch={false}
                    className="focus-inset break-words font-mono text-[0.92em] text-accent after:absolute after:inset-0"
                  >
                    {row.label}
                  </Link>
                </th>
                <td className={clsx(cell, row.isBeyondNoise && "font-medium")}>
                  {row.totalText}
                  {!row.isBeyondNoise && <span className="text-ink-3 text-xs"> noise</span>}
                </td>
                <td className={cell}>{row.mixText}</td>
                <td className={cell}>{row.behaviourText}</td>
                <td className={cell}>{row.shareText}</td>
                <td className={cell}>{row.meanText}</td>
                <td className={cell}>{row.countText}</td>
              </tr>
            ))}
          </tbody>
        </table>
      </div>
      {segments.restCount > 0 && (
        <p className="mt-1 text-ink-3 text-xs">{segments.restCount} more values add less, each.</p>
      )}
    </section>
  );
}
