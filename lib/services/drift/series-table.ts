import type { z } from "zod";
import type { driftSeriesOutput } from "#lib/api/drift.ts";

type Output = z.input<typeof driftSeriesOutput>;

export type SeriesTable = Pick<Output, "chunks" | "rows">;
export type SeriesChunk = Output["chunks"][number];
export type SeriesRow = Output["rows"][number];
export type SeriesCell = SeriesRow["cells"][number];

export const emptyCell: SeriesCell = { value: null, count: 0, isDrift: null };

export const toChunk = (
  { fromMs, untilMs }: { fromMs: number; untilMs: number },
  period: SeriesChunk["period"],
  rowCount: number,
): SeriesChunk => ({
  from: new Date(fromMs).toISOString(),
  until: new Date(untilMs).toISOString(),
  period,
  rowCount,
});
