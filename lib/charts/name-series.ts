import type { DriftSeries } from "#lib/api/drift.ts";
import type { DriftProfile } from "#lib/domain/health.ts";
import { driftMeasureSchema } from "#lib/domain/health.ts";
import { statisticNames } from "./name-statistic.ts";

export const profileNames: Record<DriftProfile, string> = {
  plumbline: "Plumbline",
  nannyml: "NannyML",
  evidently: "Evidently",
  tfdv: "TFDV",
  scipy: "SciPy",
};

type Chunk = DriftSeries["chunks"][number];

/** "2021-06", "from 2021-06-07", "2021-06-07"; a chunk of the reference says so. */
export function nameChunk({ from, period }: Chunk, grain: DriftSeries["grain"]): string {
  const day = from.slice(0, 10);
  const name = { month: from.slice(0, 7), week: `from ${day}`, day }[grain];
  return period === "reference" ? `${name} (reference)` : name;
}

/** Our measures have names; what another tool calls its own stays as it is. */
export function nameMethod(method: string): string {
  const measure = driftMeasureSchema.safeParse(method).data;
  return measure === undefined ? method : statisticNames[measure];
}
