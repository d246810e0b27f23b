import { z } from "zod";

/** Published is frozen; what was published comes back as the draft of a next edition, and the edition stays. */
export const postmortemStates = ["draft", "in_review", "published"] as const;
export const postmortemStateSchema = z.enum(postmortemStates);
export type PostmortemState = z.infer<typeof postmortemStateSchema>;

/** What a section holds beside its text, and what makes it whole. */
export const sectionKinds = [
  "text",
  "impact",
  "timeline",
  "detection",
  "factors",
  "action_items",
] as const;
export const sectionKindSchema = z.enum(sectionKinds);
export type SectionKind = z.infer<typeof sectionKindSchema>;

export const factorClasses = [
  "data_source",
  "feature_pipeline",
  "training",
  "model_release",
  "serving",
  "monitoring_detection",
  "process",
  "external",
] as const;
export const factorClassSchema = z.enum(factorClasses);
export type FactorClass = z.infer<typeof factorClassSchema>;

export const postmortemLimits = {
  sectionsMax: 30,
  textLengthMax: 40_000,
  titleLengthMax: 200,
  guidanceLengthMax: 1_000,
  factorsMax: 20,
  factorLengthMax: 2_000,
  entriesMax: 2_000,
  entryLengthMax: 4_000,
  reviewersMax: 20,
  commentsMax: 1_000,
  commentLengthMax: 4_000,
  candidatesMax: 8,
  reasonLengthMax: 1_000,
} as const;

export const factorSchema = z.object({
  class: factorClassSchema,
  text: z.string().trim().min(1).max(postmortemLimits.factorLengthMax),
});
export type Factor = z.infer<typeof factorSchema>;

const templateSectionSchema = z.object({
  /** Names the section in addresses and exports, and stays when its title changes. */
  key: z
    .string()
    .max(60)
    .regex(/^[a-z][a-z0-9_]*$/, "expected small letters, digits and underscores"),
  title: z.string().trim().min(1).max(postmortemLimits.titleLengthMax),
  guidance: z.string().trim().max(postmortemLimits.guidanceLengthMax),
  kind: sectionKindSchema,
  isRequired: z.boolean(),
});
export type TemplateSection = z.infer<typeof templateSectionSchema>;

/** In the order in which they stand. A kind that holds something of its own comes once. */
export const templateSectionsSchema = z
  .array(templateSectionSchema)
  .min(1)
  .max(postmortemLimits.sectionsMax);

const section = (
  key: string,
  title: string,
  guidance: string,
  kind: SectionKind = "text",
  isRequired = true,
): TemplateSection => ({ key, title, guidance, kind, isRequired });

/** What a workspace writes by until it has a template of its own. */
export const defaultTemplate: readonly TemplateSection[] = [
  section(
    "summary",
    "Summary",
    "What happened, to whom, for how long and what ended it, in three sentences that somebody from elsewhere understands.",
  ),
  section(
    "impact",
    "Impact",
    "What the figures do not say: which decisions were made from wrong answers, who noticed, what it cost.",
    "impact",
  ),
  section(
    "timeline",
    "Timeline",
    "Start before the incident and walk forward. Say what was not known at the time.",
    "timeline",
  ),
  section(
    "detection",
    "Detection",
    "How it was noticed, and what would have noticed it sooner.",
    "detection",
  ),
  section(
    "contributing_factors",
    "Contributing factors",
    "What made it possible: several, never one. Ask what and how, never who.",
    "factors",
  ),
  section("response", "Response and resolution", "What was tried, in which order, what helped."),
  section("went_well", "What went well", "What to keep doing.", "text", false),
  section("went_wrong", "What went wrong", "What cost time or made it worse.", "text", false),
  section(
    "lucky",
    "Where we got lucky",
    "What could have made it worse, and did not.",
    "text",
    false,
  ),
  section(
    "action_items",
    "Action items",
    "Few, each with an owner, and how to tell that it is done. Say too what will not be done, and why.",
    "action_items",
  ),
  section(
    "supporting",
    "Supporting information",
    "Links to queries, dashboards and changes.",
    "text",
    false,
  ),
];

/** How far an incident reached, as the stores say at the moment of asking. Null is not known, and `reason` says why. */
export const impactFiguresSchema = z.object({
  from: z.iso.datetime().nullable(),
  until: z.iso.datetime().nullable(),
  /** Still going on: `until` is the moment of asking. */
  isOpen: z.boolean(),
  durationMs: z.number().nullable(),
  predictionCount: z.int().nullable(),
  reason: z.string().nullable(),
  /** Of the segments that its alerts name. */
  segments: z.array(
    z.object({ key: z.string(), value: z.string(), predictionCount: z.int().nullable() }),
  ),
  budgets: z.array(
    z.object({
      sloId: z.uuid(),
      name: z.string(),
      badCount: z.int(),
      unmeasuredCount: z.int(),
      allowedCount: z.number(),
      /** Share of the budget of its period that was spent within the span; null where nothing was measured. */
      spentShare: z.number().nullable(),
    }),
  ),
});
export type ImpactFigures = z.infer<typeof impactFiguresSchema>;

/** What one monitor, or settings that are only considered, would have said of an incident. */
export const detectionRowSchema = z.object({
  /** Of the monitor or of the candidate. */
  id: z.uuid(),
  kind: z.enum(["monitor", "candidate"]),
  name: z.string(),
  /** `already`: it fired when the impact began, which finds nothing. */
  verdict: z.enum(["fired", "silent", "already", "cannot_say"]),
  reason: z.string().nullable(),
  /** The end of the window that decided it, and when it would have been told: that and the time to settle. */
  windowUntil: z.iso.datetime().nullable(),
  firedAt: z.iso.datetime().nullable(),
  afterImpactMs: z.number().nullable(),
  /** Firings that began in the replayed history outside of the impact. */
  falseAlertCount: z.int().nullable(),
  historyDays: z.number(),
  falseAlertsPer30Days: z.number().nullable(),
  limit: z.string().nullable(),
});
export type DetectionRow = z.infer<typeof detectionRowSchema>;

export const detectionSchema = z.object({
  replayedAt: z.iso.datetime(),
  impactStartedAt: z.iso.datetime(),
  impactEndedAt: z.iso.datetime(),
  rows: z.array(detectionRowSchema),
  /** Monitors of the model beyond those that one replay asks. */
  leftOutCount: z.int().default(0),
});
export type Detection = z.infer<typeof detectionSchema>;
