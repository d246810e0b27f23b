"use client";

import Link from "next/link";
import { useMemo } from "react";
import type { Drift } from "#lib/api/drift.ts";
import { formatCount } from "#lib/charts/format-number.ts";
import { prepareHeatMap } from "#lib/charts/prepare-heat-map.ts";
import { HatchDefinitions } from "../charts/hatch-definitions.tsx";
import { HeatMapRow } from "../charts/heat-map-row.tsx";
import { VerdictMark } from "../drift/verdict-mark.tsx";
import { paths } from "../shell/paths.ts";
import { useScope } from "../shell/use-scope.ts";
import { buttonClass } from "../ui/button.tsx";
import { EmptyState } from "../ui/empty-state.tsx";
import { NameText } from "../ui/name-text.tsx";
import { useElementWidth } from "../ui/use-element-width.ts";

const shownMax = 8;

/** What explains the verdict: the features that moved most, each with its history. */
export function WorstFeatures({
  workspace,
  model,
  drift,
}: {
  workspace: string;
  model: string;
  drift: Drift;
}) {
  const scope = useScope();
  const [measure, width] = useElementWidth();
  const heatMap = useMemo(() => prepareHeatMap(drift, scope.zone), [drift, scope.zone]);
  const driftPath = paths.model(workspace, model, "drift");
  if (drift.reference === null && drift.segment !== null)
    return (
      <EmptyState title="Nothing to compare the segment with">
        Cannot say what moved: {drift.referenceLack}.
      </EmptyState>
    );
  if (drift.reference === null)
    return (
      <EmptyState
        title="No baseline to compare with"
        action={
          <Link
            href={scope.href(paths.model(workspace, model, "baselines"))}
            className={buttonClass({ kind: "primary" })}
          >
            Upload a baseline
          </Link>
        }
      >
        With the rows that it was trained on, every feature gets a verdict.
      </EmptyState>
    );
  const shown = heatMap.rows.slice(0, shownMax);
  return (
    <section aria-label="What moved most" className="min-w-0">
      <div className="flex min-h-8 items-center gap-3">
        <h2 className="shrink-0 font-semibold text-base">What moved most</h2>
        <span className="truncate text-ink-3 text-xs">
          {heatMap.unit}, against {drift.reference.label}
        </span>
        <Link
          href={scope.href(driftPath)}
          className="ml-auto shrink-0 text-accent text-sm hover:underline"
        >
          All {formatCount(heatMap.rows.length)}
        </Link>
      </div>
      <HatchDefinitions />
      <ul className="mt-1 border-t">
        {shown.map((row) => (
          <li
            key={row.key}
            className="relative flex h-9 items-center gap-3 border-b hover:bg-hover"
          >
            <span className="w-[88px] shrink-0 text-sm">
              <VerdictMark verdict={row.verdict} />
            </span>
            <Link
              href={scope.href(driftPath, {
                feature: row.feature,
                ...(row.subject !== "feature" && { subject: row.subject }),
              })}
              className="focus-inset w-44 shrink-0 font-mono xl:w-56 text-sm after:absolute after:inset-0 max-sm:min-w-0 max-sm:flex-1"
              title={row.label}
            >
              <NameText text={row.label} />
            </Link>
            <span className="tabular w-14 shrink-0 whitespace-nowrap text-right text-sm">
              {row.valueText}
            </span>
            <span
              ref={row === shown[0] ? measure : undefined}
              className="min-w-0 flex-1 overflow-hidden max-sm:hidden"
            >
              {width > 0 && row.cells.length > 0 && (
                <HeatMapRow row={row} cellWidth={width / row.cells.length} />
              )}
            </span>
          </li>
        ))}
      </ul>
    </section>
  );
}
