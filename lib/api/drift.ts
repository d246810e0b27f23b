import { queryOptions } from "@tanstack/react-query";
import { z } from "zod";
import { distributionBinSchema, sideSummarySchema } from "#lib/domain/distribution.ts";
import {
  driftMeasureSchema,
  driftProfileSchema,
  driftQuestionSchema,
  driftReferenceSchema,
  driftStatisticSchema,
  driftUnitSchema,
  verdictSchema,
} from "#lib/domain/health.ts";
import { featureTypeSchema, profileSubjectSchema } from "#lib/domain/model.ts";
import type { ModelScope } from "./model.ts";
import { segmentOutput, segmentScopeInput } from "./model.ts";
import { modelPath, requestJson } from "./request.ts";

/** What a window is compared with, as it stands in a URL. `referenceFrom` and `referenceUntil` belong to `window`,
 *  `referenceVersion` to `version`; a reference that lacks its own is refused. */
export const driftReferenceInput = z.object({
  reference: driftReferenceSchema.default("baseline"),
  referenceFrom: z.iso.datetime({ offset: true }).optional(),
  referenceUntil: z.iso.datetime({ offset: true }).optional(),
  referenceVersion: z.string().min(1).max(128).optional(),
});
export type DriftReferenceQuery = z.input<typeof driftReferenceInput>;

export const driftInput = segmentScopeInput.extend({
  ...driftReferenceInput.shape,
  /** Which statistic the heat map shows. */
  statistic: driftStatisticSchema.default("psi"),
});

/** 95 % interval of the true value; sampling noise of both sides is in it. */
const intervalSchema = z.object({ low: z.number(), high: z.number() });

export const statisticValueSchema = z.object({
  statistic: driftMeasureSchema,
  unit: driftUnitSchema,
  value: z.number(),
  /** The statistic of the very rows lies within these; both are `value` where `isExact`. */
  lowerBound: z.number(),
  upperBound: z.number(),
  isExact: z.boolean(),
  /** What sampling noise alone gives on average at these sizes; null where it has no closed form here. */
  nullExpectation: z.number().nullable(),
  /** Null for what is evidence only (Cramer-von Mises, chi-squared, G). */
  interval: intervalSchema.nullable(),
  /** `upperBound` less `value`; 0 when exact. */
  bound: z.number(),
  /** Of this statistic alone, not adjusted for the family; null where it has no test. */
  pValue: z.number().nullable(),
  /** Occupied bins or categories; null for a statistic without any. */
  binCount: z.int().nullable(),
  /** How empty cells were filled, for PSI and Kullback-Leibler; else null. */
  smoothing: z.enum(["none", "add_half"]).nullable(),
  /** The category that changed most, for L-infinity. */
  category: z.string().nullable(),
});
export type StatisticValue = z.infer<typeof statisticValueSchema>;

/** The effect that was held against its floor, as the verdict did: drift needs `lowerBound` > `negligible`. */
const decisiveEffectSchema = z.object({
  statistic: z.enum(["wasserstein_normed", "hellinger", "rate_difference"]),
  value: z.number(),
  nullExpectation: z.number(),
  /** Lower end of the interval: 95 %, and 97.5 % for Wasserstein where a side has fewer than 1,000 rows. */
  lowerBound: z.number(),
  upperBound: z.number(),
  negligible: z.number(),
});

/** One question of the verdict. All tested questions of all features are one family. */
const driftTestSchema = z.object({
  question: driftQuestionSchema,
  outcome: z.enum(["drift", "real_but_negligible", "within_noise", "cannot_say"]),
  /** Before and after the family; null when it could not be tested. */
  pValue: z.number().nullable(),
  adjustedPValue: z.number().nullable(),
  /** The tests behind `pValue`, which is the smallest of their p-values over their weights. */
  evidence: z.array(
    z.object({
      test: z.enum([
        "cramer_von_mises",
        "chi_squared",
        "two_proportions",
        "range_overrun",
        "leave_one_out",
      ]),
      pValue: z.number(),
      weight: z.number(),
    }),
  ),
  decidedBy: decisiveEffectSchema.nullable(),
  referenceCount: z.int(),
  windowCount: z.int(),
  /** For rates: how many of those rows, the shares, and the interval of the change. Of `unseen` the reference's count is of
   *  the values that occur once in it: each would be unseen had it been left out. Null for `values`. */
  rate: z
    .object({
      referenceCount: z.int(),
      windowCount: z.int(),
      referenceShare: z.number(),
      windowShare: z.number(),
      interval: intervalSchema,
    })
    .nullable(),
});

const categoryChangeSchema = z.object({
  name: z.string(),
  referenceCount: z.int(),
  windowCount: z.int(),
});

export const driftReferenceOutput = z.object({
  kind: driftReferenceSchema,
  /** "baseline training (2026.11.1)", "the 7 days before", "the same hours a week earlier". */
  label: z.string(),
  /** The version whose rows it is; null for a baseline that is not of one version's rows. */
  version: z.string().nullable(),
  baselineId: z.uuid().nullable(),
  from: z.iso.datetime().nullable(),
  until: z.iso.datetime().nullable(),
  rowCount: z.int(),
});

/** Why there is nothing to compare with, in words: "the baseline January carries no tag region". Null where there is something. */
export const referenceLackOutput = z.string().nullable();

export const featureDriftSchema = z.object({
  subject: profileSubjectSchema,
  feature: z.string(),
  type: featureTypeSchema,
  verdict: verdictSchema,
  /** In words, always there, and of the statistic that decided: "Wasserstein distance 0.31 standard deviations where noise
   *  gives 0.03 and up to 0.05 is negligible", "38 values in the window, 100 needed". */
  reason: z.string(),
  /** The question that decided: the one that found drift; else that of the values. */
  decidedQuestion: driftQuestionSchema,
  /** On the page of all features the five that its table shows (PSI, Jensen-Shannon, Kolmogorov-Smirnov, Wasserstein over the
   *  standard deviation, Hellinger); of one feature alone all that there are. */
  statistics: z.array(statisticValueSchema),
  /** Statistics that have no value here, and why, in words. */
  unavailable: z.array(z.object({ statistic: driftMeasureSchema, reason: z.string() })),
  /** Values first, then each rate; a rate that is 0 on both sides is left out. */
  tests: z.array(driftTestSchema),
  /** Categories that only the window has, or only the reference, most frequent first, at most 50; empty for numbers, and
   *  where a tail of unnamed categories makes it unknowable. */
  newCategories: z.array(categoryChangeSchema),
  vanishedCategories: z.array(categoryChangeSchema),
  /** The smallest of its tests; null when nothing could be tested. */
  adjustedPValue: z.number().nullable(),
  referenceCount: z.int(),
  windowCount: z.int(),
  referenceMissingShare: z.number().nullable(),
  windowMissingShare: z.number().nullable(),
  isExact: z.boolean(),
});
export type FeatureDrift = z.infer<typeof featureDriftSchema>;

export const driftOutput = z.object({
  model: z.string(),
  environment: z.string(),
  version: z.string(),
  segment: segmentOutput,
  from: z.iso.datetime(),
  until: z.iso.datetime(),
  /** null: there is nothing to compare with, as `referenceLack` says; `features` is empty then. */
  reference: driftReferenceOutput.nullable(),
  referenceLack: referenceLackOutput,
  statistic: driftStatisticSchema,
  windowRowCount: z.int(),
  /** How many of the window's predictions have their label, in whole hours; null where none has one. */
  labels: z.object({ rowCount: z.int(), labelledCount: z.int() }).nullable(),
  /** The share of the window's rows that are not in these figures yet, as while a backfill is profiled. */
  waitingShare: z.number(),
  family: z.object({
    /** Features and outputs; `testCount` questions about them were judged together. */
    size: z.int(),
    testCount: z.int(),
    driftCount: z.int(),
    noDriftCount: z.int(),
    cannotSayCount: z.int(),
    falseDiscoveryRate: z.number(),
  }),
  features: z.array(featureDriftSchema),
  /** Starts of the heat map's columns, oldest first, and how long each is. */
  bucketMs: z.int(),
  buckets: z.array(z.iso.datetime()),
  heat: z.array(
    z.object({
      subject: profileSubjectSchema,
      feature: z.string(),
      cells: z.array(
        z.object({
          value: z.number().nullable(),
          nullExpectation: z.number().nullable(),
          verdict: verdictSchema,
          rowCount: z.int(),
        }),
      ),
    }),
  ),
});
export type Drift = z.infer<typeof driftOutput>;

export const featureDriftInput = driftInput.extend({
  subject: profileSubjectSchema.default("feature"),
  feature: z.string().max(128),
});

export const featureDriftOutput = z.object({
  model: z.string(),
  environment: z.string(),
  version: z.string(),
  segment: segmentOutput,
  from: z.iso.datetime(),
  until: z.iso.datetime(),
  reference: driftReferenceOutput.nullable(),
  referenceLack: referenceLackOutput,
  drift: featureDriftSchema.nullable(),
  bins: z.array(distributionBinSchema),
  referenceSide: sideSummarySchema.nullable(),
  windowSide: sideSummarySchema,
  bucketMs: z.int(),
  series: z.array(
    z.object({
      from: z.iso.datetime(),
      value: z.number().nullable(),
      nullExpectation: z.number().nullable(),
      verdict: verdictSchema,
      rowCount: z.int(),
    }),
  ),
});
export type FeatureDriftDetail = z.infer<typeof featureDriftOutput>;

/** One number, explained: from which edges and counts it came, what the tools of the field give for the same rows, the SQL that
 *  counts them, and Python that repeats it. */
export const explainDriftInput = driftInput.omit({ statistic: true }).extend({
  subject: profileSubjectSchema.default("feature"),
  feature: z.string().max(128),
  measure: driftMeasureSchema.default("psi"),
});

export const explainDriftOutput = z.object({
  model: z.string(),
  environment: z.string(),
  version: z.string(),
  segment: segmentOutput,
  from: z.iso.datetime(),
  until: z.iso.datetime(),
  /** Null: there is nothing to compare with; all below is empty or null then. */
  reference: driftReferenceOutput.nullable(),
  subject: profileSubjectSchema,
  feature: z.string(),
  type: featureTypeSchema,
  /** As on the drift page; null when it has no value, and `reason` says why. */
  statistic: statisticValueSchema.nullable(),
  reason: z.string(),
  referenceCount: z.int(),
  windowCount: z.int(),
  /** The cells that the statistic was counted in, first to last; for statistics over the line the bins of the fine grid, at most
   *  4,096. `from` is null for the first, `until` for the last bin of a range; `name` is that of a category. */
  cells: z.array(
    z.object({
      from: z.number().nullable(),
      until: z.number().nullable(),
      name: z.string().nullable(),
      referenceCount: z.int(),
      windowCount: z.int(),
    }),
  ),
  /** The same from the raw rows, where they are all there and at most `rowsMax` a side. */
  exact: z.object({
    /** "read", or why not. */
    state: z.enum(["read", "too_many_rows", "rows_expired", "no_rows"]),
    rowsMax: z.int(),
    referenceCount: z.int().nullable(),
    windowCount: z.int().nullable(),
    value: z.number().nullable(),
    /** What each tool gives for these rows: under its own name and rule. Null where it has no answer, which `note` explains. */
    compatibility: z.array(
      z.object({
        profile: z.enum(["evidently", "nannyml", "tfdv", "scipy"]),
        statistic: z.string(),
        value: z.number().nullable(),
        note: z.string(),
      }),
    ),
  }),
  /** Runs as it is against ClickHouse: the values of both sides with how often each occurs. */
  sql: z.string(),
  /** Repeats the number with numpy and scipy from what the SQL answers. */
  python: z.string(),
});
export type DriftExplanation = z.infer<typeof explainDriftOutput>;

/** Values by the calendar (UTC, weeks from Monday): one table of every feature and output, every chunk against the same reference. */
export const driftSeriesInput = segmentScopeInput.extend({
  ...driftReferenceInput.shape,
  grain: z.enum(["day", "week", "month"]).default("month"),
  /** `plumbline`: our own statistics, from profiles. Else what that tool gives for the raw rows, under its own names and rules. */
  profile: driftProfileSchema.default("plumbline"),
  /** Only this feature or output. */
  feature: z.string().max(128).optional(),
});

export const driftSeriesOutput = z.object({
  model: z.string(),
  environment: z.string(),
  version: z.string(),
  segment: segmentOutput,
  from: z.iso.datetime(),
  until: z.iso.datetime(),
  grain: z.enum(["day", "week", "month"]),
  profile: driftProfileSchema,
  /** Null: there is nothing to compare with; the table is empty then. */
  reference: driftReferenceOutput.nullable(),
  chunks: z.array(
    z.object({
      from: z.iso.datetime(),
      until: z.iso.datetime(),
      /** `reference`: a chunk of the baseline itself, which a threshold is taken from. */
      period: z.enum(["reference", "analysis"]),
      rowCount: z.int(),
    }),
  ),
  rows: z.array(
    z.object({
      subject: profileSubjectSchema,
      feature: z.string(),
      type: featureTypeSchema,
      method: z.string(),
      note: z.string(),
      /** Above it the tool alerts: mean and three standard deviations of the reference's chunks. Null where there is none. */
      threshold: z.number().nullable(),
      /** One a chunk. */
      cells: z.array(
        z.object({
          value: z.number().nullable(),
          /** Values of the chunk that it is taken over. */
          count: z.int(),
          /** Our verdict, or whether the tool would alert; null where neither can be said. */
          isDrift: z.boolean().nullable(),
        }),
      ),
    }),
  ),
});
export type DriftSeries = z.infer<typeof driftSeriesOutput>;

export type DriftScope = ModelScope &
  DriftReferenceQuery & { statistic?: z.infer<typeof driftStatisticSchema> };

export const driftQuery = (workspace: string, model: string, scope: DriftScope) =>
  queryOptions({
    queryKey: ["drift", workspace, model, scope],
    queryFn: ({ signal }) =>
      requestJson({
        path: `${modelPath(workspace, model)}/drift`,
        query: scope,
        output: driftOutput,
        signal,
      }),
  });

export const featureDriftQuery = (
  workspace: string,
  model: string,
  scope: DriftScope & { subject?: string; feature: string },
) =>
  queryOptions({
    queryKey: ["drift", workspace, model, "feature", scope],
    queryFn: ({ signal }) =>
      requestJson({
        path: `${modelPath(workspace, model)}/drift/feature`,
        query: scope,
        output: featureDriftOutput,
        signal,
      }),
  });

export const driftExplanationQuery = (
  workspace: string,
  model: string,
  scope: Omit<DriftScope, "statistic"> & {
    subject?: string;
    feature: string;
    measure?: z.infer<typeof driftMeasureSchema>;
  },
) =>
  queryOptions({
    queryKey: ["drift", workspace, model, "explain", scope],
    queryFn: ({ signal }) =>
      requestJson({
        path: `${modelPath(workspace, model)}/drift/explain`,
        query: scope,
        output: explainDriftOutput,
        signal,
      }),
  });

export const driftSeriesQuery = (
  workspace: string,
  model: string,
  scope: Omit<DriftScope, "statistic"> & {
    grain?: DriftSeries["grain"];
    profile?: DriftSeries["profile"];
    feature?: string;
  },
) =>
  queryOptions({
    queryKey: ["drift", workspace, model, "series", scope],
    queryFn: ({ signal }) =>
      requestJson({
        path: `${modelPath(workspace, model)}/drift/series`,
        query: scope,
        output: driftSeriesOutput,
        signal,
      }),
  });
