import { randomUUID } from "node:crypto";
import { offlinePresence } from "#db/clickhouse/queries/row-presence.ts";
import { listBaselineRows } from "#db/postgres/queries/baseline.ts";
import { insertMonitor, listMonitorRows } from "#db/postgres/queries/monitor.ts";
import { listAttributeRows } from "#db/postgres/queries/sensitive-attribute.ts";
import { watchModelInput, watchModelOutput } from "#lib/api/monitor.ts";
import { nameQuestion } from "#lib/charts/describe-reading.ts";
import { firstMetric } from "#lib/charts/name-metric.ts";
import { monitorKindNames } from "#lib/charts/name-monitor.ts";
import type { Task } from "#lib/domain/model.ts";
import type { MonitorKind } from "#lib/domain/monitor.ts";
import type { MonitorQuestion } from "#lib/domain/monitor-definition.ts";
import {
  defaultQuestion,
  monitorDraftSchema,
  worseDirection,
} from "#lib/domain/monitor-definition.ts";
import type { ServiceContext } from "../context.ts";
import { defineService } from "../define-service.ts";
import { getModelRow } from "../model/get-model-row.ts";
import { readReference } from "../performance/stored-reference.ts";
import { toRow } from "./to-row.ts";

const kinds = ["drift", "freshness", "volume", "quality", "performance"] as const;

/** Kinds that need data which not every model has. */
async function listFurtherKinds(
  ctx: Pick<ServiceContext, "pg" | "ch" | "workspaceId" | "signal">,
  model: { id: string; task: Task | null },
  baselineIds: readonly string[],
): Promise<MonitorKind[]> {
  const [presence] = await ctx.ch.query(offlinePresence, { modelId: model.id }, ctx.signal);
  const attributes = await listAttributeRows(ctx, model.id);
  const isCompared = model.task === "binary" || model.task === "regression";
  const { task } = model;
  const learned =
    task === null ? [] : await Promise.all(baselineIds.map((id) => readReference(ctx, id, task)));
  return [
    ...(presence?.isPresent === true ? (["skew"] as const) : []),
    ...(learned.some((one) => one?.reference != null) ? (["estimated_performance"] as const) : []),
    ...(isCompared && attributes.some((row) => row.isSensitive) ? (["fairness"] as const) : []),
  ];
}

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
    const baselines = (await listBaselineRows(ctx, model.id)).filter((row) => row.isActive);
    const hasBaseline = baselines.length > 0;
    const ids = baselines.slice(0, baselinesMax).map(({ id }) => id);
    const further = await listFurtherKinds(ctx, model, ids);
    const metric = firstMetric(model.task);
    const created: { id: string; name: string }[] = [];
    for (const kind of [...kinds, ...further]) {
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

const isMetric = (kind: MonitorKind) => kind === "performance" || kind === "estimated_performance";

/** Versions whose baselines are asked whether they teach an estimate. */
const baselinesMax = 5;

function questionFor(
  kind: MonitorKind,
  { hasBaseline, metric }: { hasBaseline: boolean; metric: string | null },
): MonitorQuestion {
  const question = defaultQuestion(kind, isMetric(kind) ? (metric ?? undefined) : undefined);
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
        isMetric(kind) && threshold.kind === "learned" && metric !== null
          ? { ...threshold, direction: worseDirection(metric) }
          : threshold,
    },
  };
}

const nameOf = (kind: MonitorKind, model: string, metric: string | null) =>
  `${model}: ${isMetric(kind) && metric !== null ? nameQuestion(kind, metric) : monitorKindNames[kind].toLowerCase()}`.slice(
    0,
    120,
  );
