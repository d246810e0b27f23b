import { randomUUID } from "node:crypto";
import { countMonitors, insertMonitor } from "#db/postgres/queries/monitor.ts";
import { createMonitorInput, createMonitorOutput } from "#lib/api/monitor.ts";
import { AppError } from "#lib/domain/errors.ts";
import { monitorLimits } from "#lib/domain/monitor-definition.ts";
import { defineService } from "../define-service.ts";
import { getModelRow } from "../model/get-model-row.ts";
import { checkQuestion } from "./check-question.ts";
import { assertTold, toRow } from "./to-row.ts";

export const createMonitor = defineService({
  name: "createMonitor",
  role: "editor",
  input: createMonitorInput,
  output: createMonitorOutput,
  writes: true,
  async run(ctx, { model: name, monitor }) {
    const model = await getModelRow(ctx, name);
    await checkQuestion(ctx, model, monitor);
    await assertTold(ctx, monitor);
    if ((await countMonitors(ctx)) >= monitorLimits.monitorsMax)
      throw new AppError(
        "limit_exceeded",
        `This workspace has ${monitorLimits.monitorsMax} monitors, which is the most. Delete one first.`,
      );
    const id = randomUUID();
    await insertMonitor(ctx.pg, {
      ...toRow(monitor, ctx.now),
      id,
      workspaceId: ctx.workspaceId,
      modelId: model.id,
      createdAt: ctx.now,
    });
    ctx.audit({ action: "monitor.create", targetKind: "monitor", targetId: id, after: monitor });
    return { id };
  },
});
