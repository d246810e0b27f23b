import { queryOptions } from "@tanstack/react-query";
import { z } from "zod";
import { requestJson, workspacePath } from "./request.ts";

export const jobStatusOutput = z.object({
  /** Buckets that wait to be profiled again, of this workspace. */
  dirtyBuckets: z.object({
    count: z.int(),
    oldestMarkedAt: z.iso.datetime().nullable(),
  }),
  runs: z.array(
    z.object({
      id: z.uuid(),
      name: z.string(),
      state: z.enum(["running", "done", "failed", "skipped"]),
      startedAt: z.iso.datetime(),
      finishedAt: z.iso.datetime().nullable(),
      doneCount: z.int(),
      totalCount: z.int().nullable(),
      rowsRead: z.int(),
      detail: z.string(),
    }),
  ),
});
export type JobStatus = z.infer<typeof jobStatusOutput>;

export const jobStatusQuery = (workspace: string) =>
  queryOptions({
    queryKey: ["job", workspace],
    queryFn: ({ signal }) =>
      requestJson({ path: `${workspacePath(workspace)}/jobs`, output: jobStatusOutput, signal }),
    refetchInterval: 5_000,
  });
