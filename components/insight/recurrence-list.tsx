import Link from "next/link";
import type { Insight } from "#lib/api/insight.ts";
import { formatDuration } from "#lib/charts/format-number.ts";
import { verdictNames } from "#lib/charts/name-incident.ts";
import { causeNames } from "#lib/rules/describe-incident.ts";
import { paths } from "../shell/paths.ts";
import { TimeText } from "../ui/time-text.tsx";

/** Trouble that came back in the same place with the same kind of cause. */
export function RecurrenceList({ workspace, insight }: { workspace: string; insight: Insight }) {
  const { recurrences } = insight;
  return (
    <section aria-label="What came back">
      <h2 className="font-semibold text-base">What came back</h2>
      <p className="text-ink-3 text-xs">
        The same kind of cause, of the same model, environment and segment, more than once.
      </p>
      {recurrences.length === 0 ? (
        <p className="mt-2 text-ink-2 text-sm">Nothing did.</p>
      ) : (
        <ul className="mt-2">
          {recurrences.map((one) => (
            <li key={one.incidents[0]?.number} className="border-b py-2.5 text-sm last:border-b-0">
              <p>
                <span className="font-medium">{one.title}</span>{" "}
                <span className="text-ink-2">
                  {one.incidentCount} times, {causeNames[one.causeClass]};{" "}
                  {one.medianGapMs === null
                    ? "none of them has ended"
                    : `half came back within ${formatDuration(one.medianGapMs)} of the end before`}
                </span>
              </p>
              <ul className="mt-1 flex flex-col gap-0.5 text-xs">
                {one.incidents.map(({ number, detectedAt, verdict, resolution }) => (
                  <li key={number} className="flex flex-wrap gap-x-2">
                    <Link
                      href={paths.incident(workspace, number)}
                      prefetch={false}
                      className="text-accent hover:underline"
                    >
                      #{number}
                    </Link>
                    <span className="text-ink-3">
                      <TimeText iso={detectedAt} isAbsolute />
                    </span>
                    <span className="min-w-0 break-words text-ink-2">
                      {[verdict === null ? null : verdictNames[verdict], resolution]
                        .filter((part) => part !== null)
                        .join(": ") || "not said what fixed it"}
                    </span>
                  </li>
                ))}
              </ul>
            </li>
          ))}
        </ul>
      )}
    </section>
  );
}
