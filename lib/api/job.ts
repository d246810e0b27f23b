import { queryOptions } from "@tanstack/react-query";
import { z } from "zod";
import { jobKindSchema, jobStateSchema, jobTriggerSchema } from "#lib/domain/evaluation.ts";
import { modelPath, requestJson, workspacePath } from "./request.ts";

export const jobRunSchema = z.object({
  id: z.uuid(),
  name: z.string(),
  /** Null where it serves more than one model. */
  model: z.string().nullable(),
  state: jobStateSchema,
  /** It says that it runs, and has not been heard of for a minute: its worker is gone, and another one will go on. */
  isSilent: z.boolean(),
  trigger: jobTriggerSchema,
  /** From 1; more where a worker died and another one went on. */
  attempt: z.int(),
  startedAt: z.iso.datetime(),
  finishedAt: z.iso.datetime().nullable(),
  doneCount: z.int(),
  totalCount: z.int().nullable(),
  rowsRead: z.int(),
  /** How many windows were evaluated, and from when until when they reach; null where it evaluates none. */
  windows: z.object({ count: z.int(), from: z.iso.datetime(), until: z.iso.datetime() }).nullable(),
  /** What it did, or why it was skipped. */
  detail: z.string(),
  /** Why it failed, with what caused it. */
  error: z.string().nullable(),
});
export type JobRun = z.infer<typeof jobRunSchema>;

export const jobStatusOutput = z.object({
  /** Buckets that wait to be profiled again, of this workspace. */
  dirtyBuckets: z.object({
    count: z.int(),
    oldestMarkedAt: z.iso.datetime().nullable(),
  }),
  /** What waits or runs, and then the newest. */
  runs: z.array(jobRunSchema),
});
export type JobStatus = z.infer<typeof jobStatusOutput>;

export const jobStatusQuery = (workspace: string) =>
  queryOptions({
    queryKey: ["job", workspace],
    queryFn: ({ signal }) =>
      requestJson({ path: `${workspacePath(workspace)}/jobs`, output: jobStatusOutput, signal }),
    refetchInterval: 5_000,
  });

export const jobRunListInput = z.object({
  model: z.string().min(1).max(128).optional(),
  kind: jobKindSchema.optional(),
  state: jobStateSchema.optional(),
  /** The `next` of the page before. */
  cursor: z.string().max(128).optional(),
  limit: z.coerce.number().int().min(1).max(200).default(50),
});
export type JobRunFilter = Omit<z.input<typeof jobRunListInput>, "limit"> & { limit?: number };

export const jobRunListOutput = z.object({
  runs: z.array(jobRunSchema),
  /** Asks for the page after this one; null: this was the last. */
  next: z.string().nullable(),
});

const refetchMs = 5_000;

export const jobRunListQuery = (workspace: string, filter: JobRunFilter) =>
  queryOptions({
    queryKey: ["job", workspace, "runs", filter],
    queryFn: ({ signal }) =>
      requestJson({
        path: `${workspacePath(workspace)}/jobs/runs`,
        query: filter,
        output: jobRunListOutput,
        signal,
      }),
    refetchInterval: refetchMs,
  });

export const requestJobRunInput = z.object({
  model: z.string().min(1).max(128),
  kind: jobKindSchema,
});

export const requestJobRunOutput = z.object({
  run: jobRunSchema,
  /** False: one waited or ran already, and this is it. */
  isNew: z.boolean(),
});
export type RequestedJobRun = z.infer<typeof requestJobRunOutput>;

export function requestJobRun(
  workspace: string,
  { model, kind }: z.infer<typeof requestJobRunInput>,
): Promise<RequestedJobRun> {
  return requestJson({
    path: `${modelPath(workspace, model)}/runs`,
    method: "POST",
    body: { kind },
    output: requestJobRunOutput,
  });
}
