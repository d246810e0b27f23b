import { queryOptions } from "@tanstack/react-query";
import { z } from "zod";
import { changeKindSchema, changeLimits, shownChangeKindSchema } from "#lib/domain/change.ts";
import { addressSchema } from "#lib/domain/destination.ts";
import { nameSchema } from "#lib/domain/id.ts";
import { requestJson, workspacePath } from "./request.ts";

const nameOrAll = z.union([z.literal(""), nameSchema]);

/** One change as its sender tells it. What is sent again under the same id counts once. */
export const changeInputSchema = z.object({
  id: z
    .string()
    .min(1)
    .max(changeLimits.idLengthMax)
    .regex(/^[\x21-\x7e]+$/, "expected printable characters without spaces"),
  kind: changeKindSchema,
  /** What was changed, in a line. */
  title: z.string().trim().min(1).max(changeLimits.titleLengthMax),
  /** Left out: it is of all models, as the release of a shared pipeline is. */
  model: nameOrAll.default(""),
  environment: nameOrAll.default(""),
  version: nameOrAll.default(""),
  /** Which system tells it, such as "ci" or "airflow". */
  source: nameOrAll.default(""),
  /** Where more is said about it. */
  url: addressSchema.nullable().default(null),
  details: z
    .record(z.string().min(1).max(64), z.string().max(changeLimits.detailLengthMax))
    .refine((details) => Object.keys(details).length <= changeLimits.detailsMax, {
      error: `expected at most ${changeLimits.detailsMax} entries`,
    })
    .default({}),
  /** Now, when it is left out; what is sent again should say it. */
  occurredAt: z.iso.datetime({ offset: true }).optional(),
});
export type ChangeInput = z.output<typeof changeInputSchema>;

export const recordChangesInput = z.object({
  changes: z.array(changeInputSchema).min(1).max(changeLimits.perCallMax),
});
export const recordChangesOutput = z.object({
  changes: z.array(z.object({ id: z.string(), result: z.enum(["recorded", "repeated"]) })),
});

export const changeListInput = z.object({
  model: nameSchema.optional(),
  environment: nameSchema.optional(),
  from: z.iso.datetime({ offset: true }),
  until: z.iso.datetime({ offset: true }),
});
const changeSchema = z.object({
  id: z.string(),
  kind: shownChangeKindSchema,
  title: z.string(),
  model: z.string(),
  environment: z.string(),
  version: z.string(),
  source: z.string(),
  url: z.string().nullable(),
  occurredAt: z.iso.datetime(),
  recordedBy: z.string(),
});
export type Change = z.infer<typeof changeSchema>;

const changeIncidentSchema = z.object({
  number: z.int(),
  title: z.string(),
  detectedAt: z.iso.datetime(),
});

export const changeListOutput = z.object({
  /** Newest first. */
  changes: z.array(changeSchema),
  /** Incidents of the same stretch, which stand beside changes on every time axis. */
  incidents: z.array(changeIncidentSchema),
  /** There were more than are told. */
  isCut: z.boolean(),
});
export type ChangeList = z.infer<typeof changeListOutput>;

export interface ChangeScope {
  model?: string | undefined;
  environment?: string | undefined;
  from: string;
  until: string;
}

export const changeListQuery = (workspace: string, scope: ChangeScope) =>
  queryOptions({
    queryKey: ["change", workspace, "list", scope],
    queryFn: ({ signal }) =>
      requestJson({
        path: `${workspacePath(workspace)}/change-events`,
        query: { ...scope },
        output: changeListOutput,
        signal,
      }),
  });
