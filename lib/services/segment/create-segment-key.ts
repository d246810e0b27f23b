import {
  forgetBaselineSegments,
  insertSegmentKey,
  listSegmentKeyRows,
  lockSegmentKeys,
} from "#db/postgres/queries/segment.ts";
import { createSegmentKeyInput, createSegmentKeyOutput } from "#lib/api/segment.ts";
import { AppError } from "#lib/domain/errors.ts";
import { segmentLimits } from "#lib/domain/limits.ts";
import { defineService } from "../define-service.ts";
import { getModelRow } from "../model/get-model-row.ts";
import { markSegments } from "./mark-segments.ts";

/** From now on a model's rows are profiled and judged by the values of one of their tags, the stored ones and those of its
 *  baselines included. */
export const createSegmentKey = defineService({
  name: "createSegmentKey",
  role: "editor",
  input: createSegmentKeyInput,
  output: createSegmentKeyOutput,
  writes: true,
  async run(ctx, { model: name, segmentKey: key }) {
    const model = await getModelRow(ctx, name);
    await lockSegmentKeys(ctx, model.id);
    const declared = await listSegmentKeyRows(ctx, model.id);
    if (declared.some((row) => row.key === key)) {
      ctx.audit("unchanged");
      return { key, backfillHourCount: 0 };
    }
    if (declared.length >= segmentLimits.keysMax) {
      throw new AppError(
        "limit_exceeded",
        `"${name}" has ${segmentLimits.keysMax} segment keys, which is the most; each is profiled apart. Remove one first.`,
      );
    }
    await insertSegmentKey(ctx, { modelId: model.id, key, createdAt: ctx.now });
    await forgetBaselineSegments(ctx, model.id, key);
    const backfillHourCount = await markSegments(ctx, model.id);
    ctx.audit({
      action: "segment.create",
      targetKind: "model",
      targetId: model.id,
      after: { key, backfillHourCount },
    });
    return { key, backfillHourCount };
  },
});
