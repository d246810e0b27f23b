import { randomUUID } from "node:crypto";
import { findJobRuns, insertQueuedRun } from "#db/postgres/queries/job-run.ts";
import { requestJobRunInput, requestJobRunOutput } from "#lib/api/job.ts";
import { AppError } from "#lib/domain/errors.ts";
import { jobNames } from "#lib/domain/evaluation.ts";
import { defineService } from "../define-service.ts";
import { getModelRow } from "../model/get-model-row.ts";
import { toJobRun } from "./to-job-run.ts";

/** Asks the worker to evaluate a model now. While such a run waits or is under way, that one is the answer. */
export const requestJobRun = defineService({
  name: "requestJobRun",
  role: "editor",
  input: requestJobRunInput,
  output: requestJobRunOutput,
  writes: true,
  async run(ctx, { model: modelName, kind }) {
    const model = await getModelRow(ctx, modelName);
    const name = jobNames[kind];
    const id = randomUUID();
    const isNew = await insertQueuedRun(ctx, {
      id,
      name,
      modelId: model.id,
      now: ctx.now,
    });
    const open = { modelId: model.id, names: [name], countMax: 1 };
    const [run] = [
      ...(await findJobRuns(ctx, { ...open, state: "queued" })),
      ...(await findJobRuns(ctx, { ...open, state: "running" })),
    ];
    // What stood in the way has ended meanwhile.
    if (run === undefined)
      throw new AppError("conflict", `A run of ${name} has just ended; ask again.`);
    ctx.audit(
      isNew
        ? { action: "job.request", targetKind: "model", targetId: model.id, after: { kind, id } }
        : "unchanged",
    );
    return { run: toJobRun(run, ctx.now), isNew };
  },
});
