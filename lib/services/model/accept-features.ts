import { confirmInferredTypes } from "#db/postgres/queries/model.ts";
import { acceptFeaturesInput, acceptFeaturesOutput } from "#lib/api/model.ts";
import { defineService } from "../define-service.ts";
import { getModelRow } from "./get-model-row.ts";

/** Confirms many inferred types at once, as they were seen. */
export const acceptFeatures = defineService({
  name: "acceptFeatures",
  role: "editor",
  input: acceptFeaturesInput,
  output: acceptFeaturesOutput,
  writes: true,
  async run(ctx, { model: name, features }) {
    const model = await getModelRow(ctx, name);
    const confirmed = new Set(await confirmInferredTypes(ctx, model.id, features));
    ctx.audit(
      confirmed.size === 0
        ? "unchanged"
        : {
            action: "feature.accept",
            targetKind: "model",
            targetId: model.id,
            after: { features: features.filter(({ feature }) => confirmed.has(feature)) },
          },
    );
    return { acceptedCount: confirmed.size };
  },
});
