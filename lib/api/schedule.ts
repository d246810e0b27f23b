import { queryOptions } from "@tanstack/react-query";
import { z } from "zod";
import { scheduleDefinitionSchema, scheduleLimits } from "#lib/domain/schedule.ts";
import { requestJson, workspacePath } from "./request.ts";

/** `isMember` is false of whoever left the workspace: nobody reaches them. */
const personSchema = z.object({ userId: z.uuid(), name: z.string(), isMember: z.boolean() });

const shiftSchema = personSchema.extend({
  /** Null where somebody stands in. */
  layer: z.string().nullable(),
  from: z.iso.datetime(),
  until: z.iso.datetime(),
});
export type ShiftRow = z.infer<typeof shiftSchema>;

const summarySchema = z.object({
  id: z.uuid(),
  name: z.string(),
  timeZone: z.string(),
  revision: z.int(),
  /** Who has it now, and who takes over; null when nobody else does within two weeks. */
  onCall: shiftSchema,
  next: shiftSchema.nullable(),
});
export type ScheduleSummary = z.infer<typeof summarySchema>;

export const scheduleListOutput = z.object({ schedules: z.array(summarySchema) });

export const scheduleInput = z.object({ scheduleId: z.uuid() });
export const getScheduleInput = scheduleInput.extend({
  days: z.coerce.number().int().min(1).max(scheduleLimits.shownDaysMax).default(14),
});
export const scheduleOutput = summarySchema.extend({
  definition: scheduleDefinitionSchema,
  from: z.iso.datetime(),
  until: z.iso.datetime(),
  shifts: z.array(shiftSchema),
  overrides: z.array(
    personSchema.extend({
      id: z.uuid(),
      from: z.iso.datetime(),
      until: z.iso.datetime(),
      reason: z.string(),
      createdBy: z.string(),
    }),
  ),
  /** Names of everybody who stands in it. */
  people: z.array(personSchema),
});
export type ScheduleDetail = z.infer<typeof scheduleOutput>;

const name = z.string().trim().min(1).max(scheduleLimits.nameLengthMax);
export const createScheduleInput = z.object({ name, definition: scheduleDefinitionSchema });
export const scheduleIdOutput = z.object({ id: z.uuid() });
export const updateScheduleInput = createScheduleInput.extend({
  scheduleId: z.uuid(),
  /** The one that was read: an edit of another is refused. */
  revision: z.int(),
});

export const createOverrideInput = scheduleInput.extend({
  userId: z.uuid(),
  from: z.iso.datetime(),
  until: z.iso.datetime(),
  reason: z.string().trim().max(200).default(""),
});
export const deleteOverrideInput = scheduleInput.extend({ overrideId: z.uuid() });

const schedulesPath = (workspace: string) => `${workspacePath(workspace)}/schedules`;

export const scheduleListQuery = (workspace: string) =>
  queryOptions({
    queryKey: ["schedule", workspace],
    queryFn: ({ signal }) =>
      requestJson({ path: schedulesPath(workspace), output: scheduleListOutput, signal }),
  });

export const scheduleQuery = (workspace: string, scheduleId: string) =>
  queryOptions({
    queryKey: ["schedule", workspace, scheduleId],
    queryFn: ({ signal }) =>
      requestJson({
        path: `${schedulesPath(workspace)}/${scheduleId}`,
        output: scheduleOutput,
        signal,
      }),
  });

export const createSchedule = (workspace: string, body: z.input<typeof createScheduleInput>) =>
  requestJson({ path: schedulesPath(workspace), method: "POST", body, output: scheduleIdOutput });

export const updateSchedule = (
  workspace: string,
  { scheduleId, ...body }: z.input<typeof updateScheduleInput>,
) =>
  requestJson({
    path: `${schedulesPath(workspace)}/${scheduleId}`,
    method: "PATCH",
    body,
    output: scheduleIdOutput,
  });

export const deleteSchedule = (workspace: string, scheduleId: string) =>
  requestJson({
    path: `${schedulesPath(workspace)}/${scheduleId}`,
    method: "DELETE",
    output: z.undefined(),
  });

export const createOverride = (
  workspace: string,
  { scheduleId, ...body }: z.input<typeof createOverrideInput>,
) =>
  requestJson({
    path: `${schedulesPath(workspace)}/${scheduleId}/overrides`,
    method: "POST",
    body,
    output: scheduleIdOutput,
  });

export const deleteOverride = (workspace: string, scheduleId: string, overrideId: string) =>
  requestJson({
    path: `${schedulesPath(workspace)}/${scheduleId}/overrides/${overrideId}`,
    method: "DELETE",
    output: z.undefined(),
  });
