"use client";

import { statisticNames } from "#lib/charts/name-statistic.ts";
import { driftStatistics } from "#lib/domain/health.ts";
import { useScope } from "../shell/use-scope.ts";
import { useUrlState } from "../shell/use-url-state.ts";
import { Select } from "../ui/select.tsx";
import { ReferencePicker } from "./reference-picker.tsx";

/** What it is compared with, and by which measure. */
export function DriftControls({ workspace, model }: { workspace: string; model: string }) {
  const scope = useScope();
  const { set } = useUrlState();
  return (
    <>
      <ReferencePicker workspace={workspace} model={model} />
      <Select
        label="Statistic"
        value={scope.statistic}
        options={driftStatistics.map((value) => ({ value, label: statisticNames[value] }))}
        onChange={(value) => set({ statistic: value === "psi" ? null : value })}
      />
    </>
  );
}
