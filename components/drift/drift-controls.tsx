"use client";

import { statisticNames } from "#lib/charts/name-statistic.ts";
import { driftStatistics } from "#lib/domain/health.ts";
import { useScope } from "../shell/use-scope.ts";
import { useUrlState } from "../shell/use-url-state.ts";
import { Select } from "../ui/select.tsx";

/** References that need nothing more than their name. */
const referenceNames = {
  baseline: "its baseline",
  trailing: "the time before",
  previous: "the window before",
  last_week: "the same hours last week",
} as const;
const references = Object.keys(referenceNames) as (keyof typeof referenceNames)[];

/** What it is compared with, and by which measure. */
export function DriftControls() {
  const scope = useScope();
  const { set } = useUrlState();
  return (
    <>
      <Select
        label="Compare with"
        prefix="vs"
        value={scope.reference}
        options={references.map((value) => ({ value, label: referenceNames[value] }))}
        onChange={(value) => set({ reference: value === "baseline" ? null : value })}
      />
      <Select
        label="Statistic"
        value={scope.statistic}
        options={driftStatistics.map((value) => ({ value, label: statisticNames[value] }))}
        onChange={(value) => set({ statistic: value === "psi" ? null : value })}
      />
    </>
  );
}
