import { z } from "zod";
import { monitorQuestionSchema } from "./monitor-definition.ts";

export const actionItemStates = ["open", "in_progress", "done", "wont_do"] as const;
export const actionItemStateSchema = z.enum(actionItemStates);
export type ActionItemState = z.infer<typeof actionItemStateSchema>;

export const isOpenItem = (state: ActionItemState): boolean =>
  state === "open" || state === "in_progress";

/** What it does against the next time. */
export const actionItemKinds = ["detect", "prevent", "mitigate", "repair"] as const;
export const actionItemKindSchema = z.enum(actionItemKinds);
export type ActionItemKind = z.infer<typeof actionItemKindSchema>;

/** From most to least pressing. */
export const priorities = ["p0", "p1", "p2", "p3"] as const;
export const prioritySchema = z.enum(priorities);
export type Priority = z.infer<typeof prioritySchema>;

export const actionItemLimits = {
  titleLengthMax: 200,
  textLengthMax: 4_000,
  reasonLengthMax: 1_000,
  urlLengthMax: 2_048,
  /** A year: whoever needs a later deadline means another thing. */
  deadlineMinutesMax: 525_600,
  listMax: 500,
} as const;

/** A monitor must find an incident by a moment, when its history is replayed. */
export const acceptanceTestSchema = z.object({
  incident: z.int().min(1),
  /** A stored monitor as it stands, or settings that nothing stored has yet. */
  subject: z.discriminatedUnion("kind", [
    z.object({ kind: z.literal("monitor"), monitorId: z.uuid() }),
    z.object({ kind: z.literal("settings"), question: monitorQuestionSchema }),
  ]),
  detectBy: z.discriminatedUnion("kind", [
    z.object({ kind: z.literal("at"), at: z.iso.datetime({ offset: true }) }),
    z.object({
      kind: z.literal("after_impact"),
      minutes: z.int().min(1).max(actionItemLimits.deadlineMinutesMax),
    }),
  ]),
});
export type AcceptanceTest = z.infer<typeof acceptanceTestSchema>;

/** `cannot_say` is no pass: the history is gone, or nobody knows when the impact began. */
const testVerdicts = ["passed", "failed", "cannot_say"] as const;
export const acceptanceResultSchema = z.object({
  verdict: z.enum(testVerdicts),
  sentence: z.string(),
  /** When it would have been told, and until when that was due. */
  firedAt: z.iso.datetime().nullable(),
  deadline: z.iso.datetime().nullable(),
  ranAt: z.iso.datetime(),
  /** Of the monitor as it was asked; null of settings, and of one that is gone. */
  monitorRevision: z.int().nullable(),
});
export type AcceptanceResult = z.infer<typeof acceptanceResultSchema>;

const actionItemEventKinds = [
  "created",
  "edited",
  "state_changed",
  "tested",
  "reopened",
  "reminded",
] as const;
export const actionItemEventKindSchema = z.enum(actionItemEventKinds);
export type ActionItemEventKind = z.infer<typeof actionItemEventKindSchema>;
