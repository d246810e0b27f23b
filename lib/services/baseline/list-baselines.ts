import type { BaselineRow } from "#db/postgres/queries/baseline.ts";
import { listBaselineRows } from "#db/postgres/queries/baseline.ts";
import type { Baseline } from "#lib/api/baseline.ts";
import { baselineListInput, baselineListOutput } from "#lib/api/baseline.ts";
import { defineService } from "../define-service.ts";
import { getModelRow } from "../model/get-model-row.ts";

export const listBaselines = defineService({
  name: "listBaselines",
  role: "viewer",
  input: baselineListInput,
  output: baselineListOutput,
  writes: false,
  async run(ctx, input) {
    const model = await getModelRow(ctx, input.model);
    const rows = await listBaselineRows(ctx, model.id);
    return { baselines: rows.map(toBaseline) };
  },
});

function toBaseline({
  modelId: _modelId,
  profiledSegmentKeys: _keys,
  segmentError: _error,
  createdAt,
  readyAt,
  ...row
}: BaselineRow): Baseline {
  return { ...row, createdAt: createdAt.toISOString(), readyAt: readyAt?.toISOString() ?? null };
}
