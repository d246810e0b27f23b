"use client";

import dynamic from "next/dynamic";
import Link from "next/link";
import { useMemo } from "react";
import type { Drift } from "#lib/api/drift.ts";
import type { HeatRow } from "#lib/charts/prepare-heat-map.ts";
import { prepareHeatMap } from "#lib/charts/prepare-heat-map.ts";
import { HeatMap } from "../charts/heat-map.tsx";
import { JointLine } from "../joint/joint-line.tsx";
import { RootCauseCard } from "../root-cause/root-cause-card.tsx";
import { paths } from "../shell/paths.ts";
import { SearchInput } from "../shell/search-input.tsx";
import { useScope } from "../shell/use-scope.ts";
import { useUrlState } from "../shell/use-url-state.ts";
import { Button, buttonClass } from "../ui/button.tsx";
import { EmptyState } from "../ui/empty-state.tsx";
import { useKeys } from "../ui/use-keys.ts";
import { DriftTable } from "./drift-table.tsx";

// Most readers see the map first; what one feature needs comes when one is opened.
const FeaturePanel = dynamic(() =>
  import("./feature-panel.tsx").then((module) => module.FeaturePanel),
);

const SeriesTable = dynamic(() =>
  import("./series-table.tsx").then((module) => module.SeriesTable),
);

export interface DriftBoardProps {
  workspace: string;
  model: string;
  drift: Drift;
}

/** The map, the table, and beside them the one feature that is open. */
export function DriftBoard({ workspace, model, drift }: DriftBoardProps) {
  const { get, set } = useUrlState();
  const scope = useScope();
  const feature = get("feature");
  const subject = get("subject") ?? "feature";
  const openKey = feature === undefined ? null : `${subject}:${feature}`;
  const search = (get("q") ?? "").toLowerCase();
  const shown = useMemo(() => filterDrift(drift, search), [drift, search]);
  const heatMap = useMemo(() => prepareHeatMap(shown, scope.zone), [shown, scope.zone]);
  const open = (next: { subject: string; feature: string } | null) =>
    set({
      feature: next?.feature ?? null,
      explain: null,
      subject: next === null || next.subject === "feature" ? null : next.subject,
    });
  useKeys((key) => {
    if (key === "Escape" && openKey !== null) open(null);
  });

  if (drift.reference === null)
    return (
      <EmptyState
        title={`There is nothing to compare ${model} with`}
        action={
          <>
            <Link
              href={scope.href(paths.model(workspace, model, "baselines"))}
              className={buttonClass({ kind: "primary" })}
            >
              Upload a baseline
            </Link>
            <Button onClick={() => set({ reference: "trailing" })}>
              Compare with the time before
            </Button>
            {drift.segment !== null && (
              <Button onClick={() => set({ segmentKey: null, segmentValue: null })}>
                Look at all rows
              </Button>
            )}
          </>
        }
      >
        {drift.segment !== null && (
          <>
            A segment is compared with the same segment of the reference, and that can't be:{" "}
            {drift.referenceLack}.{" "}
          </>
        )}
        Drift is the distance between what a model was trained on and what it sees now. Upload the
        training rows as Parquet, CSV or NDJSON, and every feature is compared within a minute.
      </EmptyState>
    );
  const isOpen = openKey !== null && feature !== undefined;
  return (
    <div className={isOpen ? "grid gap-8 xl:grid-cols-[minmax(0,1fr)_minmax(0,560px)]" : undefined}>
      {isOpen && (
        <div className="min-w-0 xl:order-2">
          <FeaturePanel
            key={openKey}
            workspace={workspace}
            model={model}
            subject={subject}
            feature={feature}
            onClose={() => open(null)}
          />
        </div>
      )}
      <div className="flex min-w-0 flex-col gap-8">
        {drift.segment === null && <JointLine workspace={workspace} model={model} />}
        <HeatMap
          title="Drift over time"
          model={heatMap}
          openKey={openKey}
          onOpen={(row: HeatRow) => open(row.key === openKey ? null : row)}
          tools={<SearchInput label="Find a feature" />}
        />
        <DriftTable drift={shown} openKey={openKey} isNarrow={isOpen} onOpen={open} />
        {!isOpen && <RootCauseCard workspace={workspace} model={model} of="prediction" />}
        {get("values") === undefined ? (
          <p>
            <Button size="sm" onClick={() => set({ values: "month" })}>
              Values by month
            </Button>
          </p>
        ) : (
          <div className="flex flex-col gap-2">
            <SeriesTable workspace={workspace} model={model} />
            <p>
              <Button size="sm" kind="quiet" onClick={() => set({ values: null, profile: null })}>
                Close the values
              </Button>
            </p>
          </div>
        )}
      </div>
    </div>
  );
}

function filterDrift(drift: Drift, search: string): Drift {
  if (search === "") return drift;
  const matches = ({ feature, subject }: { feature: string; subject: string }) =>
    feature.toLowerCase().includes(search) || subject.includes(search);
  return {
    ...drift,
    features: drift.features.filter(matches),
    heat: drift.heat.filter(matches),
  };
}
