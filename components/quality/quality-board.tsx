"use client";

import dynamic from "next/dynamic";
import { useMemo } from "react";
import type { Quality } from "#lib/api/quality.ts";
import { formatCount } from "#lib/charts/format-number.ts";
import type { HeatRow } from "#lib/charts/prepare-heat-map.ts";
import { prepareQualityHeat } from "#lib/charts/prepare-quality-heat.ts";
import { HeatMap } from "../charts/heat-map.tsx";
import { useScope } from "../shell/use-scope.ts";
import { useUrlState } from "../shell/use-url-state.ts";
import { Button } from "../ui/button.tsx";
import { EmptyState } from "../ui/empty-state.tsx";
import { useKeys } from "../ui/use-keys.ts";
import { ChangeList } from "./change-list.tsx";
import { QualityTable } from "./quality-table.tsx";
import { RepeatTable } from "./repeat-table.tsx";

// Most readers see the table first; what one feature needs comes when one is opened.
const QualityPanel = dynamic(() =>
  import("./quality-panel.tsx").then((module) => module.QualityPanel),
);

export interface QualityBoardProps {
  workspace: string;
  model: string;
  quality: Quality;
}

/** What changed in the schema, the map, the table, and beside them the one feature that is open. */
export function QualityBoard({ workspace, model, quality }: QualityBoardProps) {
  const { get, set } = useUrlState();
  const scope = useScope();
  const feature = get("feature");
  const subject = get("subject") ?? "feature";
  const openKey = feature === undefined ? null : `${subject}:${feature}`;
  const search = (get("q") ?? "").toLowerCase();
  const shown = useMemo(() => filterQuality(quality, search), [quality, search]);
  const heat = useMemo(() => prepareQualityHeat(shown, scope.zone), [shown, scope.zone]);
  const open = (next: { subject: string; feature: string } | null) =>
    set({
      feature: next?.feature ?? null,
      subject: next === null || next.subject === "feature" ? null : next.subject,
    });
  useKeys((key) => {
    if (key === "Escape" && openKey !== null) open(null);
  });
  if (quality.features.length === 0)
    return (
      <EmptyState
        title={`There is nothing of ${model} to check`}
        action={<Button onClick={() => set({ range: "30d" })}>Look at 30 days</Button>}
      >
        No row came in this window, and there is no baseline that says what to expect.
      </EmptyState>
    );
  const isOpen = openKey !== null && feature !== undefined;
  return (
    <div className={isOpen ? "grid gap-8 xl:grid-cols-[minmax(0,1fr)_minmax(0,528px)]" : undefined}>
      {isOpen && (
        <div className="min-w-0 xl:order-2">
          <QualityPanel
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
        <ChangeList changes={quality.changes} onOpen={open} />
        <QualityTable quality={shown} openKey={openKey} isNarrow={isOpen} onOpen={open} />
        <HeatMap
          title="Bad rows over time"
          model={heat}
          openKey={openKey}
          onOpen={(row: HeatRow) => open(row.key === openKey ? null : row)}
        />
        <RepeatTable workspace={workspace} model={model} />
        <p className="text-ink-3 text-xs">
          {formatCount(quality.family.testCount)} tests judged together. A problem is a rise that is
          more than chance and more than half a point of rows where values are missing, a tenth of a
          point where they are wrong; a declared rule needs no comparison.
        </p>
      </div>
    </div>
  );
}

function filterQuality(quality: Quality, search: string): Quality {
  if (search === "") return quality;
  const matches = ({ feature, subject }: { feature: string; subject: string }) =>
    feature.toLowerCase().includes(search) || subject.includes(search);
  return {
    ...quality,
    features: quality.features.filter(matches),
    heat: quality.heat.filter(matches),
  };
}
