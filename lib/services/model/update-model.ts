import { updateModelRow } from "#db/postgres/queries/model.ts";
import { modelOutput, updateModelInput } from "#lib/api/model.ts";
import { defineService } from "../define-service.ts";
import { markPerformance } from "../performance/mark-performance.ts";
import { readModel } from "./get-model.ts";
import { getModelRow } from "./get-model-row.ts";

/** A task that a person names is confirmed, also when it is the one that was inferred: that is how it is accepted. */
export const updateModel = defineService({
  name: "updateModel",
  role: "editor",
  input: updateModelInput,
  output: modelOutput,
  writes: true,
  async run(ctx, input) {
    const before = await getModelRow(ctx, input.model);
    const { description, task, taskProvenance, tier } = before;
    const values = {
      description: input.description ?? description,
      tier: input.tier ?? tier,
      ...(input.task === undefined
        ? {}
        : { task: input.task, taskProvenance: "confirmed" as const }),
    };
    await updateModelRow(ctx, before.id, values);
    if (input.task !== undefined && input.task !== task) await markPerformance(ctx, before.id);
    ctx.audit({
      action: "model.update",
      targetKind: "model",
      targetId: before.id,
      before: { description, task, taskProvenance, tier },
      after: values,
    });
    return readModel(ctx, input.model);
  },
});
