import { listAttributeRows, updateAttributeRow } from "#db/postgres/queries/sensitive-attribute.ts";
import { updateAttributeInput, updateAttributeOutput } from "#lib/api/fairness.ts";
import { AppError } from "#lib/domain/errors.ts";
import { otherSegment } from "#lib/domain/segment.ts";
import { defineService } from "../define-service.ts";
import { getModelRow } from "../model/get-model-row.ts";
import { getSegmentKeys } from "../segment/get-segment-keys.ts";

/** Says that the groups of a declared key should be treated alike, and against which one they are held. */
export const updateAttribute = defineService({
  name: "updateAttribute",
  role: "editor",
  input: updateAttributeInput,
  output: updateAttributeOutput,
  writes: true,
  async run(ctx, { model: name, segmentKey: key, isSensitive, referenceValue: wanted }) {
    const model = await getModelRow(ctx, name);
    await getSegmentKeys(ctx, model, key);
    if (wanted === otherSegment) {
      const message = `must be one group; ${otherSegment} are many`;
      throw new AppError("invalid_request", `The reference can't be used: it ${message}.`, {
        details: [{ path: "referenceValue", message }],
      });
    }
    const referenceValue = isSensitive ? wanted : null;
    const rows = await listAttributeRows(ctx, model.id);
    const before = rows.find((row) => row.key === key);
    const after = { key, isSensitive, referenceValue };
    if (before?.isSensitive === isSensitive && before.referenceValue === referenceValue) {
      ctx.audit("unchanged");
      return after;
    }
    await updateAttributeRow(ctx, model.id, key, { isSensitive, referenceValue });
    ctx.audit({
      action: "fairness.update",
      targetKind: "model",
      targetId: model.id,
      before,
      after,
    });
    return after;
  },
});
