"use client";

import dynamic from "next/dynamic";
import type { Skew } from "#lib/api/skew.ts";
import { useUrlState } from "../shell/use-url-state.ts";
import { useKeys } from "../ui/use-keys.ts";
import { OfflineEmpty } from "./offline-empty.tsx";
import { SkewTable } from "./skew-table.tsx";

const SkewPanel = dynamic(() => import("./skew-panel.tsx").then((module) => module.SkewPanel));

export interface SkewBoardProps {
  workspace: string;
  model: string;
  skew: Skew;
}

/** The table, and beside it the one feature that is open. */
export function SkewBoard({ workspace, model, skew }: SkewBoardProps) {
  const { get, set } = useUrlState();
  const feature = get("feature") ?? null;
  const open = (next: string | null) => set({ feature: next });
  useKeys((key) => {
    if (key === "Escape" && feature !== null) open(null);
  });
  if (!skew.hasOffline || (skew.pairCount === 0 && skew.features.length === 0))
    return <OfflineEmpty model={model} hasOffline={skew.hasOffline} />;
  return (
    <div
      className={
        feature === null ? undefined : "grid gap-8 xl:grid-cols-[minmax(0,1fr)_minmax(0,528px)]"
      }
    >
      {feature !== null && (
        <div className="min-w-0 xl:order-2">
          <SkewPanel
            key={feature}
            workspace={workspace}
            model={model}
            feature={feature}
            beside={skew.features.find((each) => each.feature === feature)?.drift ?? null}
            baselineLabel={skew.baselineLabel}
            onClose={() => open(null)}
          />
        </div>
      )}
      <SkewTable skew={skew} openFeature={feature} onOpen={open} />
    </div>
  );
}
