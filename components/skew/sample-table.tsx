"use client";

import Link from "next/link";
import type { FeatureSkewDetail } from "#lib/api/skew.ts";
import { formatCount } from "#lib/charts/format-number.ts";
import type { SkewOutcome } from "#lib/domain/skew.ts";
import { rowKey } from "../row/row-key.ts";
import { paths } from "../shell/paths.ts";
import { useScope } from "../shell/use-scope.ts";
import { TimeText } from "../ui/time-text.tsx";

const shownMax = 12;
const outcomeNames: Record<SkewOutcome, string> = {
  mismatch: "another value",
  type_mismatch: "another type",
  offline_only: "missing when served",
  served_only: "missing offline",
};

type Sample = FeatureSkewDetail["samples"][number];

/** The newest differing predictions, each with both values and a way to the whole row. */
export function SampleTable({
  workspace,
  model,
  detail,
}: {
  workspace: string;
  model: string;
  detail: FeatureSkewDetail;
}) {
  const scope = useScope();
  if (detail.samples.length === 0) return null;
  const shown = detail.samples.slice(0, shownMax);
  return (
    <section aria-label="Differing predictions" className="min-w-0">
      <h3 className="mb-1 font-medium text-sm">
        The newest differing predictions{" "}
        <span className="font-normal text-ink-3 text-xs">
          {formatCount(shown.length)} of {formatCount(detail.skew?.differingCount ?? shown.length)}
        </span>
      </h3>
      <div className="overflow-x-auto">
        <table className="tabular w-full text-sm">
          <thead>
            <tr className="text-ink-2 text-xs">
              <th className="h-7 border-b pr-3 text-left font-medium">Prediction</th>
              <th className="h-7 border-b px-3 text-right font-medium">Offline</th>
              <th className="h-7 border-b px-3 text-right font-medium">Served</th>
              <th className="h-7 border-b pl-3 text-right font-medium max-sm:hidden">Made</th>
            </tr>
          </thead>
          <tbody>
            {shown.map((sample) => (
              <tr key={`${rowKey(sample)} ${sample.timestamp}`} title={sayOutcome(sample)}>
                <td className="max-w-32 truncate border-b py-1.5 pr-3 font-mono">
                  <Link
                    className="text-accent hover:underline"
                    href={scope.href(paths.model(workspace, model, "rows"), {
                      predictionId: sample.predictionId,
                      row: rowKey(sample),
                    })}
                  >
                    {sample.predictionId}
                  </Link>
                </td>
                <td className="max-w-28 truncate border-b px-3 py-1.5 text-right font-mono">
                  {say(sample.offline)}
                </td>
                <td className="max-w-28 truncate border-b px-3 py-1.5 text-right font-mono">
                  {say(sample.served)}
                </td>
                <td className="border-b py-1.5 pl-3 text-right text-ink-2 max-sm:hidden">
                  <TimeText iso={sample.timestamp} />
                </td>
              </tr>
            ))}
          </tbody>
        </table>
      </div>
    </section>
  );
}

/** Every digit: the difference may lie in the last. */
function say(value: Sample["offline"]): string {
  if (value === null) return "missing";
  return typeof value === "string" ? JSON.stringify(value) : String(value);
}

function sayOutcome({ outcome, source }: Sample): string {
  return source === "" ? outcomeNames[outcome] : `${outcomeNames[outcome]}; offline from ${source}`;
}
