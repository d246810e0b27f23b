import { findNewestJointDrift } from "#db/postgres/queries/joint-drift.ts";
import { listVersionRows } from "#db/postgres/queries/model.ts";
import { jointInput, jointOutput } from "#lib/api/joint.ts";
import { defineService } from "../define-service.ts";
import { findDefaultVersion } from "../model/find-default-versions.ts";
import { getModelRow } from "../model/get-model-row.ts";

/** What the newest daily evaluation of all features together found. */
export const getJoint = defineService({
  name: "getJoint",
  role: "viewer",
  input: jointInput,
  output: jointOutput,
  writes: false,
  async run(ctx, input) {
    const model = await getModelRow(ctx, input.model);
    const versions = await listVersionRows(ctx, model.id);
    const version =
      input.version ?? (await findDefaultVersion(ctx, model.id, input.environment, versions));
    const newest = await findNewestJointDrift(ctx, {
      modelId: model.id,
      environment: input.environment,
      version,
    });
    return {
      model: model.name,
      environment: input.environment,
      version,
      newest:
        newest === null
          ? null
          : {
              from: newest.windowFrom.toISOString(),
              until: newest.windowUntil.toISOString(),
              computedAt: newest.computedAt.toISOString(),
              result: newest.result,
            },
    };
  },
});
