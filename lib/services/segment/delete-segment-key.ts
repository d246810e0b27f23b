import { z } from "zod";
import { runStatement } from "#db/clickhouse/define-statement.ts";
import { deleteSegmentRows } from "#db/clickhouse/statements/delete-segment.ts";
import {
  deleteSegmentKeyRow,
  forgetBaselineSegments,
  lockSegmentKeys,
} from "#db/postgres/queries/segment.ts";
import { deleteSegmentKeyInput } from "#lib/api/segment.ts";
import { defineService } from "../define-service.ts";
import { getModelRow } from "../model/get-model-row.ts";
import { getSegmentKeys } from "./get-segment-keys.ts";

/** Rows are no longer profiled by a tag, and what was profiled by it goes; the rows keep their tags. */
export const deleteSegmentKey = defineService({
  name: "deleteSegmentKey",
  role: "editor",
  input: deleteSegmentKeyInput,
  output: z.undefined(),
  writes: true,
  async run(ctx, { model: name, segmentKey: key }) {
    const model = await getModelRow(ctx, name);
    await lockSegmentKeys(ctx, model.id);
    await getSegmentKeys(ctx, model, key);
    await deleteSegmentKeyRow(ctx, model.id, key);
    await forgetBaselineSegments(ctx, model.id, key);
    for (const statement of deleteSegmentRows) {
      const params = { modelId: model.id, segmentKey: key };
      await runStatement(ctx.clickhouse, ctx.workspaceId, statement, params, ctx.signal);
    }
    ctx.audit({
      action: "segment.delete",
      targetKind: "model",
      targetId: model.id,
      before: { key },
    });
    return undefined;
  },
});
