import { z } from "zod";
import { confirmFeatureType, findFeatureRow } from "#db/postgres/queries/model.ts";
import { updateFeatureInput } from "#lib/api/model.ts";
import { AppError } from "#lib/domain/errors.ts";
import { defineService } from "../define-service.ts";
import { getModelRow } from "./get-model-row.ts";

export const updateFeature = defineService({
  name: "updateFeature",
  role: "editor",
  input: updateFeatureInput,
  output: z.undefined(),
  writes: true,
  async run(ctx, input) {
    const model = await getModelRow(ctx, input.model);
    const before = await findFeatureRow(ctx, model.id, input.feature);
    if (before === null) {
      throw new AppError("not_found", `"${input.model}" has no feature "${input.feature}".`);
    }
    await confirmFeatureType(ctx, model.id, input.feature, input.type);
    ctx.audit({
      action: "feature.update",
      targetKind: "model",
      targetId: model.id,
      before: { feature: input.feature, ...before },
      after: { feature: input.feature, type: input.type, provenance: "confirmed" },
    });
    return undefined;
  },
});
