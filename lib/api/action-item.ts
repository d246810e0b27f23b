import { queryOptions } from "@tanstack/react-query";
import { z } from "zod";
import {
  acceptanceResultSchema,
  acceptanceTestSchema,
  actionItemEventKindSchema,
  actionItemKindSchema,
  actionItemLimits,
  actionItemStateSchema,
  prioritySchema,
} from "#lib/domain/action-item.ts";
import { requestJson, workspacePath } from "./request.ts";

const instant = z.iso.datetime();
const day = z
  .string()
  .regex(/^\d{4}-\d{2}-\d{2}$/, "expected a day as YYYY-MM-DD")
  .refine(isDay, { message: "expected a day that there is" });

function isDay(text: string): boolean {
  const ms = Date.parse(`${text}T00:00:00Z`);
  return Number.isFinite(ms) && new Date(ms).toISOString().startsWith(text);
}

const actionItemSchema = z.object({
  /** Of the workspace, from 1; what an address names. */
  number: z.int(),
  title: z.string(),
  description: z.string(),
  kind: actionItemKindSchema,
  priority: prioritySchema,
  state: actionItemStateSchema,
  /** Why it will not be done, or was called done though its test did not pass. */
  stateReason: z.string(),
  owner: z.object({ kind: z.enum(["user", "team"]), id: z.uuid(), name: z.string() }).nullable(),
  /** A day of the workspace's calendar. */
  dueOn: day.nullable(),
  isOverdue: z.boolean(),
  /** "due in 3 days"; null without a day. */
  due: z.string().nullable(),
  trackerUrl: z.string(),
  incident: z.int().nullable(),
  model: z.string().nullable(),
  /** Named by its incident's number. */
  postmortem: z.object({ incident: z.int(), title: z.string() }).nullable(),
  acceptance: acceptanceTestSchema.nullable(),
  testResult: acceptanceResultSchema.nullable(),
  /** Its monitor was changed, and it has not been tested since. */
  isTestDue: z.boolean(),
  remindAt: instant.nullable(),
  revision: z.int(),
  createdBy: z.string(),
  createdAt: instant,
  updatedAt: instant,
  doneAt: instant.nullable(),
});
export type ActionItem = z.infer<typeof actionItemSchema>;

export const actionItemListInput = z.object({
  /** `active` is what is open or in progress. */
  state: z.union([z.literal("active"), actionItemStateSchema]).optional(),
  kind: actionItemKindSchema.optional(),
  priority: prioritySchema.optional(),
  /** `me`, `nobody`, or the id of a user or team. */
  owner: z.union([z.literal("me"), z.literal("nobody"), z.uuid()]).optional(),
  incident: z.coerce.number().int().min(1).optional(),
  model: z.string().min(1).max(128).optional(),
  overdue: z.enum(["true", "false"]).default("false"),
});
export type ActionItemFilter = z.input<typeof actionItemListInput>;

export const actionItemListOutput = z.object({
  items: z.array(actionItemSchema),
  /** Of the whole workspace, whatever was asked. */
  counts: z.object({
    open: z.int(),
    overdue: z.int(),
    unowned: z.int(),
    /** Items whose acceptance test failed when it ran last. */
    failing: z.int(),
    done: z.int(),
  }),
  /** What is open by whom it belongs to, the most overdue first; null is nobody's. */
  owners: z.array(
    z.object({
      owner: z.string().nullable(),
      open: z.int(),
      overdue: z.int(),
      oldestDueOn: z.string().nullable(),
    }),
  ),
});
export type ActionItemList = z.infer<typeof actionItemListOutput>;

export const actionItemInput = z.object({ item: z.coerce.number().int().min(1) });
export const actionItemOutput = actionItemSchema.extend({
  events: z.array(
    z.object({
      id: z.uuid(),
      kind: actionItemEventKindSchema,
      text: z.string(),
      actor: z.string(),
      occurredAt: instant,
    }),
  ),
});
export type ActionItemDetail = z.infer<typeof actionItemOutput>;

const trackerUrl = z.union([
  z.literal(""),
  z
    .string()
    .max(actionItemLimits.urlLengthMax)
    .regex(/^https?:\/\/\S+$/, "expected an address that begins with https:// or http://"),
]);
const owner = z.object({ kind: z.enum(["user", "team"]), id: z.uuid() }).nullable();

const fields = {
  title: z.string().trim().min(1).max(actionItemLimits.titleLengthMax),
  description: z.string().trim().max(actionItemLimits.textLengthMax),
  kind: actionItemKindSchema,
  priority: prioritySchema,
  owner,
  dueOn: day.nullable(),
  trackerUrl,
  acceptance: acceptanceTestSchema.nullable(),
};

export const createActionItemInput = z.object({
  ...fields,
  description: fields.description.default(""),
  priority: fields.priority.default("p1"),
  owner: owner.default(null),
  dueOn: fields.dueOn.default(null),
  trackerUrl: trackerUrl.default(""),
  acceptance: fields.acceptance.default(null),
  /** Of its incident, and with it of its postmortem if there is one; left out: of none. */
  incident: z.int().min(1).optional(),
});
export const createActionItemOutput = z.object({ number: z.int() });

export const updateActionItemInput = actionItemInput.extend({
  /** That was edited: another one since is a conflict. */
  revision: z.int(),
  title: fields.title.optional(),
  description: fields.description.optional(),
  kind: fields.kind.optional(),
  priority: fields.priority.optional(),
  owner: owner.optional(),
  dueOn: fields.dueOn.optional(),
  trackerUrl: trackerUrl.optional(),
  acceptance: fields.acceptance.optional(),
  state: actionItemStateSchema.optional(),
  /** Due for what will not be done, and for what is called done though its test does not pass. */
  reason: z.string().trim().min(1).max(actionItemLimits.reasonLengthMax).optional(),
});

export const testRunOutput = z.object({
  result: acceptanceResultSchema,
  /** It was done, and is open again. */
  isReopened: z.boolean(),
});

/** Which acceptance tests of a workspace; left out: all of items that are done, open or in progress. */
export const runTestsInput = z.object({
  incident: z.int().min(1).optional(),
  model: z.string().min(1).max(128).optional(),
});
export const runTestsOutput = z.object({
  results: z.array(
    z.object({
      item: z.int(),
      title: z.string(),
      state: actionItemStateSchema,
      result: acceptanceResultSchema,
      isReopened: z.boolean(),
    }),
  ),
  passedCount: z.int(),
  failedCount: z.int(),
  cannotSayCount: z.int(),
});

const base = (workspace: string) => `${workspacePath(workspace)}/action-items`;

export const actionItemListQuery = (workspace: string, filter: ActionItemFilter = {}) =>
  queryOptions({
    queryKey: ["action-item", workspace, "list", filter],
    queryFn: ({ signal }) =>
      requestJson({
        path: base(workspace),
        query: {
          ...filter,
          incident: filter.incident === undefined ? undefined : Number(filter.incident),
        },
        output: actionItemListOutput,
        signal,
      }),
  });

export const actionItemQuery = (workspace: string, item: number) =>
  queryOptions({
    queryKey: ["action-item", workspace, "one", item],
    queryFn: ({ signal }) =>
      requestJson({ path: `${base(workspace)}/${item}`, output: actionItemOutput, signal }),
  });

export type ActionItemDraft = z.input<typeof createActionItemInput>;
export const createActionItem = (workspace: string, body: ActionItemDraft) =>
  requestJson({ path: base(workspace), method: "POST", body, output: createActionItemOutput });

export type ActionItemPatch = Omit<z.input<typeof updateActionItemInput>, "item">;
export const updateActionItem = (workspace: string, item: number, body: ActionItemPatch) =>
  requestJson({
    path: `${base(workspace)}/${item}`,
    method: "PATCH",
    body,
    output: actionItemOutput,
  });

export const runActionItemTest = (workspace: string, item: number) =>
  requestJson({
    path: `${base(workspace)}/${item}/test`,
    method: "POST",
    body: {},
    output: testRunOutput,
  });
