import { z } from "zod";
import { findFreshnessObjective, putFreshnessObjective } from "#db/postgres/queries/expectation.ts";
import { updateObjectiveInput } from "#lib/api/freshness.ts";
import { defineService } from "../define-service.ts";
import { getModelRow } from "../model/get-model-row.ts";

/** Promises how fresh a model's rows are, or takes the promise back. */
export const updateFreshnessObjective = defineService({
  name: "updateFreshnessObjective",
  role: "editor",
  input: updateObjectiveInput,
  output: z.undefined(),
  writes: true,
  async run(ctx, { model: name, objective }) {
    const model = await getModelRow(ctx, name);
    const before = await findFreshnessObjective(ctx, model.id);
    await putFreshnessObjective(ctx, model.id, objective, ctx.now);
    ctx.audit({
      action: "freshness_objective.update",
      targetKind: "model",
      targetId: model.id,
      before: { objective: before },
      after: { objective },
    });
    return undefined;
  },
});
