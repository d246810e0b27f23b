import { z } from "zod";

/** What an action is for; every one of them is a signed call. */
const actionKinds = ["retrain", "roll_back", "shift_traffic", "mute", "custom"] as const;
export const actionKindSchema = z.enum(actionKinds);
export type ActionKind = z.infer<typeof actionKindSchema>;

/** A run's way. `outcome_unknown`: it may or may not have been done, and a person has to say. `rehearsed`: a dry run, nothing was sent. */
export const actionRunStates = [
  "requested",
  "checks_failed",
  "waiting_for_approval",
  "approved",
  "sending",
  "running",
  "succeeded",
  "failed",
  "outcome_unknown",
  "verifying",
  "verified",
  "not_verified",
  "verification_impossible",
  "rehearsed",
  "declined",
  "cancelled",
  "expired",
] as const;
export const actionRunStateSchema = z.enum(actionRunStates);
export type ActionRunState = z.infer<typeof actionRunStateSchema>;

const actionRunModes = ["real", "test", "dry_run"] as const;
export const actionRunModeSchema = z.enum(actionRunModes);
export type ActionRunMode = z.infer<typeof actionRunModeSchema>;

/** Nothing more comes of it by itself. */
export const finalRunStates: readonly ActionRunState[] = [
  "checks_failed",
  "failed",
  "verified",
  "not_verified",
  "verification_impossible",
  "rehearsed",
  "declined",
  "cancelled",
  "expired",
];

export const actionLimits = {
  perWorkspaceMax: 100,
  nameLengthMax: 80,
  urlLengthMax: 2_000,
  /** Standard Webhooks advises a body under 20 kB; names fill it further. */
  bodyLengthMax: 16_000,
  bodyBytesMax: 20_000,
  reasonLengthMax: 500,
  messageLengthMax: 500,
  timeLimitSecondsMax: 60,
  /** A pipeline may train for days. */
  reportMinutesMax: 7 * 1_440,
  approvalMinutesMax: 7 * 1_440,
  waitMinutesMax: 7 * 1_440,
  coolDownMinutesMax: 30 * 1_440,
  dailyMax: 1_000,
  /** Sent again under the same key this often at most, where that is certain to do no harm. */
  attemptsMax: 3,
  listedMax: 200,
} as const;

/** What must hold before it is run. Unknown never counts as held. */
export const actionChecksSchema = z.object({
  /** Of the last day's predictions; null: not asked. */
  labelCoverageMin: z.number().min(0).max(1).nullable().default(null),
  /** No open incident of late, missing or ill-formed rows on the model. */
  noUpstreamIncident: z.boolean().default(false),
  /** A challenger, where there is one, must not be worse than the champion. */
  challengerNotWorse: z.boolean().default(false),
});
const noChecks = { labelCoverageMin: null, noUpstreamIncident: false, challengerNotWorse: false };

const actorRoleSchema = z.enum(["owner", "admin", "editor"]);

export const actionDefinitionSchema = z.object({
  kind: actionKindSchema,
  method: z.enum(["POST", "PUT", "PATCH"]).default("POST"),
  /** JSON with names in double braces, such as {{model}}. */
  body: z.string().min(2).max(actionLimits.bodyLengthMax),
  timeLimitSeconds: z.int().min(1).max(actionLimits.timeLimitSecondsMax).default(15),
  /** The endpoint says that the same key does it once: then it may be sent again where nobody knows how it went. */
  isIdempotent: z.boolean().default(false),
  /** Whether its answer is the outcome, or a report comes later. */
  outcome: z.enum(["answer", "report"]).default("answer"),
  reportMinutesMax: z.int().min(1).max(actionLimits.reportMinutesMax).default(240),
  /** Who may ask for it. */
  runRole: actorRoleSchema.default("editor"),
  /** Who must agree: nobody, anybody of the role, or another one than who asked. */
  approval: z.enum(["none", "anybody", "another"]).default("another"),
  approvalRole: actorRoleSchema.default("editor"),
  approvalMinutesMax: z.int().min(1).max(actionLimits.approvalMinutesMax).default(240),
  checks: actionChecksSchema.default(noChecks),
  /** Asks the incident's own monitors again after so long; null: nothing is asked, and nothing is set. */
  verifyAfterMinutes: z.int().min(1).max(actionLimits.waitMinutesMax).nullable().default(30),
  /** 0: none. */
  coolDownMinutes: z.int().min(0).max(actionLimits.coolDownMinutesMax).default(0),
  dailyMax: z.int().min(1).max(actionLimits.dailyMax).nullable().default(null),
  /** Everything but the call. */
  isDryRun: z.boolean().default(false),
});
export type ActionDefinition = z.output<typeof actionDefinitionSchema>;

/** One check of a run and how it came out. */
export const checkResultSchema = z.object({
  name: z.enum(["label_coverage", "upstream_incident", "challenger", "cool_down", "daily_max"]),
  isHeld: z.boolean(),
  reason: z.string(),
});
export type CheckResult = z.infer<typeof checkResultSchema>;
