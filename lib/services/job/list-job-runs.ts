import { z } from "zod";
import { findJobRuns } from "#db/postgres/queries/job-run.ts";
import { jobRunListInput, jobRunListOutput } from "#lib/api/job.ts";
import { AppError } from "#lib/domain/errors.ts";
import { jobNames } from "#lib/domain/evaluation.ts";
import { defineService } from "../define-service.ts";
import { getModelRow } from "../model/get-model-row.ts";
import { toJobRun } from "./to-job-run.ts";

/** What the worker did for a workspace, newest first: when, for how long, on how much, and why not. */
export const listJobRuns = defineService({
  name: "listJobRuns",
  role: "viewer",
  input: jobRunListInput,
  output: jobRunListOutput,
  writes: false,
  async run(ctx, { model, kind, state, cursor, limit }) {
    const runs = await findJobRuns(ctx, {
      modelId: model === undefined ? undefined : (await getModelRow(ctx, model)).id,
      names: kind === undefined ? undefined : [jobNames[kind]],
      state,
      after: cursor === undefined ? undefined : parseCursor(cursor),
      countMax: limit + 1,
    });
    const shown = runs.slice(0, limit);
    const last = shown.at(-1);
    return {
      runs: shown.map((run) => toJobRun(run, ctx.now)),
      next:
        runs.length > limit && last !== undefined
          ? `${last.startedAt.toISOString()}~${last.id}`
          : null,
    };
  },
});

const cursorSchema = z.tuple([z.iso.datetime(), z.uuid()]);

function parseCursor(cursor: string): { startedAt: Date; id: string } {
  const parsed = cursorSchema.safeParse(cursor.split("~"));
  if (!parsed.success)
    throw new AppError(
      "invalid_request",
      "`cursor` is none that a page of runs was answered with.",
      {
        details: [{ path: "cursor", message: "expected the `next` of the page before" }],
      },
    );
  const [startedAt, id] = parsed.data;
  return { startedAt: new Date(startedAt), id };
}
