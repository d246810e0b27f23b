import { listFeatureRows, listModelRows } from "#db/postgres/queries/model.ts";
import { listMonitorRows } from "#db/postgres/queries/monitor.ts";
import { monitorCoverageInput, monitorCoverageOutput } from "#lib/api/monitor.ts";
import { defineService } from "../define-service.ts";

const featuresShownMax = 50;

/** Which models and features nobody watches. */
export const getMonitorCoverage = defineService({
  name: "getMonitorCoverage",
  role: "viewer",
  input: monitorCoverageInput,
  output: monitorCoverageOutput,
  writes: false,
  async run(ctx) {
    const models = await listModelRows(ctx);
    const rows = await listMonitorRows(ctx);
    const covered = [];
    for (const { id, name } of models) {
      const own = rows
        .map(({ monitor }) => monitor)
        .filter(({ modelId, isEnabled }) => modelId === id && isEnabled);
      const features = (await listFeatureRows(ctx, id)).map((row) => row.name);
      const targets = own
        .filter(({ kind }) => kind === "drift" || kind === "quality")
        .map(({ definition }) => definition.target);
      const watchesAll = targets.some(({ kind }) => kind === "everything" || kind === "features");
      const named = new Set(targets.map(({ feature }) => feature));
      const unwatched = watchesAll ? [] : features.filter((feature) => !named.has(feature));
      covered.push({
        model: name,
        monitorCount: own.length,
        kinds: [...new Set(own.map(({ kind }) => kind))],
        featureCount: features.length,
        unwatchedFeatureCount: unwatched.length,
        unwatchedFeatures: unwatched.slice(0, featuresShownMax),
      });
    }
    return {
      models: covered,
      modelCount: covered.length,
      unwatchedModelCount: covered.filter(({ monitorCount }) => monitorCount === 0).length,
    };
  },
});
