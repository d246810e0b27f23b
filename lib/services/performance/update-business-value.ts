import { z } from "zod";
import { findBusinessValue, putBusinessValue } from "#db/postgres/queries/business-value.ts";
import { updateBusinessValueInput } from "#lib/api/performance.ts";
import { defineService } from "../define-service.ts";
import { getModelRow } from "../model/get-model-row.ts";

/** Says what each outcome of a model is worth, or takes it back. */
export const updateBusinessValue = defineService({
  name: "updateBusinessValue",
  role: "editor",
  input: updateBusinessValueInput,
  output: z.undefined(),
  writes: true,
  async run(ctx, { model: name, businessValue }) {
    const model = await getModelRow(ctx, name);
    const before = await findBusinessValue(ctx, model.id);
    await putBusinessValue(ctx, model.id, businessValue, ctx.now);
    ctx.audit({
      action: "business_value.update",
      targetKind: "model",
      targetId: model.id,
      before: { businessValue: before },
      after: { businessValue },
    });
    return undefined;
  },
});
