import { z } from "zod";
import { runStatement } from "#db/clickhouse/define-statement.ts";
import { deleteBaselineRows } from "#db/clickhouse/statements/retention.ts";
import { deleteBaselineRow, markBaselineDeleting } from "#db/postgres/queries/baseline.ts";
import { deleteBaselineInput } from "#lib/api/baseline.ts";
import { AppError } from "#lib/domain/errors.ts";
import { defineService } from "../define-service.ts";
import { getBaselineRow } from "./get-baseline-row.ts";

/** Takes a baseline away with its rows. What was judged by it stays. */
export const deleteBaseline = defineService({
  name: "deleteBaseline",
  role: "editor",
  input: deleteBaselineInput,
  output: z.undefined(),
  writes: true,
  async run(ctx, { model, baselineId }) {
    const baseline = await getBaselineRow(ctx, baselineId, model);
    if (baseline.state === "uploading" || baseline.state === "profiling") {
      throw new AppError(
        "conflict",
        `The baseline "${baseline.name}" is still ${baseline.state}; delete it when that is done.`,
      );
    }
    // Committed by itself, before any row goes: this transaction may fail after them, and what then stands must not say ready.
    await markBaselineDeleting(
      { pg: ctx.call.postgres.db, workspaceId: ctx.workspaceId },
      baselineId,
    );
    for (const statement of deleteBaselineRows) {
      await runStatement(
        ctx.clickhouse,
        ctx.workspaceId,
        statement,
        { modelId: baseline.modelId, baselineId },
        ctx.signal,
      );
    }
    await deleteBaselineRow(ctx, baselineId);
    ctx.audit({
      action: "baseline.delete",
      targetKind: "baseline",
      targetId: baselineId,
      before: { name: baseline.name, version: baseline.version },
    });
    return undefined;
  },
});
