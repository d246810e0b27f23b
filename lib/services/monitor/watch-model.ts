import { randomUUID } from "node:crypto";
import { listBaselineRows } from "#db/postgres/queries/baseline.ts";
import { insertMonitor, listMonitorRows } from "#db/postgres/queries/monitor.ts";
import { watchModelInput, watchModelOutput } from "#lib/api/monitor.ts";
import { firstMetric, nameMetric } from "#lib/charts/name-metric.ts";
import { monitorKindNames } from "#lib/charts/name-monitor.ts";
import type { MonitorQuestion, WatchedKind } from "#lib/domain/monitor-definition.ts";
import {
  defaultQuestion,
  monitorDraftSchema,
  worseDirection,
} from "#lib/domain/monitor-definition.ts";
import { defineService } from "../define-service.ts";
import { getModelRow } from "../model/get-model-row.ts";
import { toRow } from "./to-row.ts";

const kinds = ["drift", "freshness", "volume", "quality", "performance"] as const;

/** Watches a model with the default set; kinds that some monitor of the model watches already are left as they are. */
export const watchModel = defineService({
  name: "watchModel",
  role: "editor",
  input: watchModelInput,
  output: watchModelOutput,
  writes: true,
  async run(ctx, { model: name }) {
    const model = await getModelRow(ctx, name);
    const existing = await listMonitorRows(ctx, model.id);
    const watched = new Set(existing.map(({ monitor }) => monitor.kind));
    const hasBaseline = (await listBaselineRows(ctx, model.id)).some((row) => row.isActive);
    const metric = firstMetric(model.task);
    const created: { id: string; name: string }[] = [];
    for (const kind of kinds) {
      if (watched.has(kind) || (kind === "performance" && metric === null)) continue;
      const question = questionFor(kind, { hasBaseline, metric });
      const id = randomUUID();
      const draft = monitorDraftSchema.parse({
        ...question,
        name: nameOf(kind, model.name, metric),
      });
      await insertMonitor(ctx.pg, {
        ...toRow(draft, ctx.now),
        id,
        workspaceId: ctx.workspaceId,
        modelId: model.id,
        createdAt: ctx.now,
      });
      created.push({ id, name: draft.name });
    }
    if (created.length === 0) ctx.audit("unchanged");
    else
      ctx.audit({
        action: "monitor.create",
        targetKind: "model",
        targetId: model.id,
        after: { created },
      });
    return { created };
  },
});

function questionFor(
  kind: WatchedKind,
  { hasBaseline, metric }: { hasBaseline: boolean; metric: string | null },
): MonitorQuestion {
  const question = defaultQuestion(
    kind,
    kind === "performance" ? (metric ?? undefined) : undefined,
  );
  const { definition } = question;
  // Without a baseline a model is compared with what it did in the week before.
  const reference = hasBaseline ? ("baseline" as const) : ("trailing" as const);
  const { threshold } = definition;
  return {
    ...question,
    definition: {
      ...definition,
      reference,
      threshold:
        kind === "performance" && threshold.kind === "learned" && metric !== null
          ? { ...threshold, direction: worseDirection(metric) }
          : threshold,
    },
  };
}

const nameOf = (kind: WatchedKind, model: string, metric: string | null) =>
  `${model}: ${kind === "performance" && metric !== null ? nameMetric(metric) : monitorKindNames[kind].toLowerCase()}`.slice(
    0,
    120,
  );
