import { queryOptions } from "@tanstack/react-query";
import { z } from "zod";
import { requestJson, workspacePath } from "./request.ts";

/** What the Get started page watches: it turns green when a row arrives after the page was opened. */
export const onboardingInput = z.object({ since: z.iso.datetime({ offset: true }) });

export const onboardingOutput = z.object({
  /** Where SDKs send: `http://localhost:3000`. */
  ingestUrl: z.string(),
  hasKey: z.boolean(),
  modelCount: z.int(),
  /** The newest row that was stored at or after `since`, of any model. */
  firstRow: z
    .object({
      model: z.string(),
      environment: z.string(),
      version: z.string(),
      predictionId: z.string(),
      receivedAt: z.iso.datetime(),
    })
    .nullable(),
  /** Rejected since then: the usual reason why nothing turns green. */
  rejection: z.object({ code: z.string(), path: z.string(), message: z.string() }).nullable(),
});
export type Onboarding = z.infer<typeof onboardingOutput>;

export const onboardingQuery = (workspace: string, since: string) =>
  queryOptions({
    queryKey: ["onboarding", workspace, since],
    queryFn: ({ signal }) =>
      requestJson({
        path: `${workspacePath(workspace)}/onboarding`,
        query: { since },
        output: onboardingOutput,
        signal,
      }),
    refetchInterval: 2_000,
  });
