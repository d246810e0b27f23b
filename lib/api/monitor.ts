import { queryOptions } from "@tanstack/react-query";
import { z } from "zod";
import { severitySchema } from "#lib/domain/incident.ts";
import {
  causeClassSchema,
  monitorKindSchema,
  monitorSeriesSchema,
  seriesSubjects,
} from "#lib/domain/monitor.ts";
import {
  definitionSchema,
  monitorDraftSchema,
  monitorQuestionSchema,
  statisticUnits,
} from "#lib/domain/monitor-definition.ts";
import { modelInput } from "./model.ts";
import { requestJson, workspacePath } from "./request.ts";

const instant = z.iso.datetime();

/** How one window of one series came out. */
const resultSchema = z.object({
  kind: z.enum(["value", "no_data", "failed"]),
  value: z.number().nullable(),
  lower: z.number().nullable(),
  upper: z.number().nullable(),
  sampleCount: z.int(),
  judged: z.enum(["fire", "clear", "between"]).nullable(),
  fireThreshold: z.number().nullable(),
  clearThreshold: z.number().nullable(),
  /** What it says in words, or why it says nothing. */
  sentence: z.string(),
});
export type MonitorResult = z.infer<typeof resultSchema>;

const pointSchema = resultSchema.extend({ from: instant, until: instant });
export type MonitorPoint = z.infer<typeof pointSchema>;

/** `breach`: beyond its threshold; `unknown`: its newest window has no value, or none was asked yet. */
export const monitorStates = ["breach", "unknown", "healthy", "off"] as const;
export type MonitorState = (typeof monitorStates)[number];

const monitorSchema = z.object({
  id: z.uuid(),
  model: z.string(),
  name: z.string(),
  kind: monitorKindSchema,
  causeClass: causeClassSchema,
  environment: z.string(),
  version: z.string().nullable(),
  definition: definitionSchema,
  fireCount: z.int(),
  windowCount: z.int(),
  clearCount: z.int(),
  severityOverride: severitySchema.nullable(),
  ownerTeamId: z.uuid().nullable(),
  ownerUserId: z.uuid().nullable(),
  ownerName: z.string().nullable(),
  runbookUrl: z.string().nullable(),
  destinationIds: z.array(z.uuid()),
  isEnabled: z.boolean(),
  /** Grows with every edit. */
  revision: z.int(),
  createdAt: instant,
  updatedAt: instant,
  evaluatedAt: instant.nullable(),
  nextAt: instant,
  /** Windows that a stop of the worker left out for good. */
  skippedCount: z.int(),
  skippedUntil: instant.nullable(),
  unit: z.enum(statisticUnits),
});
export type Monitor = z.infer<typeof monitorSchema>;

const listedSchema = monitorSchema.extend({
  state: z.enum(monitorStates),
  /** Of the newest window: its series, and how many of them are beyond the threshold, have a value, or failed. */
  seriesCount: z.int(),
  firingCount: z.int(),
  valueCount: z.int(),
  failedCount: z.int(),
  windowUntil: instant.nullable(),
  /** The worst series of the newest window. */
  worst: z.object({ series: monitorSeriesSchema, result: resultSchema }).nullable(),
  /** The last windows, oldest first: the worst value of each; null where none had one. */
  spark: z.array(z.object({ until: instant, value: z.number().nullable(), firingCount: z.int() })),
});
export type ListedMonitor = z.infer<typeof listedSchema>;

export const monitorListInput = z.object({ model: z.string().max(128).optional() });
export const monitorListOutput = z.object({ monitors: z.array(listedSchema) });
export type MonitorList = z.infer<typeof monitorListOutput>;

export const monitorInput = z.object({ monitorId: z.uuid() });

export const monitorOutput = monitorSchema.extend({
  state: z.enum(monitorStates),
  windowUntil: instant.nullable(),
  /** How every series came out last, the worst first. */
  series: z.array(
    z.object({
      series: monitorSeriesSchema,
      from: instant,
      until: instant,
      result: resultSchema,
    }),
  ),
});
export type MonitorDetail = z.infer<typeof monitorOutput>;

export const createMonitorInput = modelInput.extend({ monitor: monitorDraftSchema });
export const createMonitorOutput = z.object({ id: z.uuid() });

export const updateMonitorInput = monitorInput.extend({
  monitor: monitorDraftSchema,
  /** That was edited: another one since is a conflict. */
  revision: z.int(),
});
export const updateMonitorOutput = z.object({ revision: z.int() });

export const enableMonitorInput = monitorInput.extend({ isEnabled: z.boolean() });

/** Asked at once about the windows that have ended last. */
export const runMonitorOutput = z.object({ windowUntil: instant });

export const watchModelInput = modelInput;
export const watchModelOutput = z.object({
  created: z.array(z.object({ id: z.uuid(), name: z.string() })),
});

export const monitorHistoryInput = monitorInput.extend({
  /** Of the series that is wanted, what is known; left out: the worst. */
  environment: z.string().optional(),
  version: z.string().optional(),
  subject: z.enum(seriesSubjects).optional(),
  column: z.string().optional(),
  segmentKey: z.string().optional(),
  segmentValue: z.string().optional(),
  /** How far back. */
  days: z.coerce.number().int().min(1).max(400).default(14),
});
export const monitorHistoryOutput = z.object({
  series: monitorSeriesSchema.nullable(),
  from: instant,
  until: instant,
  /** Of one series, oldest first; a window that was not asked has no point. */
  points: z.array(pointSchema),
});

const previewDaysMax = 180;
export const previewMonitorInput = modelInput.extend({
  question: monitorQuestionSchema,
  /** History that is replayed. */
  days: z.int().min(1).max(previewDaysMax).default(30),
});

export const previewMonitorOutput = z.object({
  from: instant,
  until: instant,
  windowCount: z.int(),
  seriesCount: z.int(),
  /** Why less than was asked for was replayed; null: all of it was. */
  limit: z.string().nullable(),
  valueCount: z.int(),
  noDataCount: z.int(),
  failedCount: z.int(),
  /** Why windows had no value, most frequent first. */
  reasons: z.array(z.object({ reason: z.string(), count: z.int() })),
  /** When it would have fired and cleared, oldest first; `until` null: it still would. */
  firings: z.array(
    z.object({ series: monitorSeriesSchema, from: instant, until: instant.nullable() }),
  ),
  firingCount: z.int(),
  /** How long any series fired, in all. */
  firingMs: z.number(),
  /** Pages a day that come without any change, at most; null where the settings do not say. */
  falseAlertsPerDay: z.number().nullable(),
  /** The same in words, and what it rests on. */
  falseAlerts: z.string(),
  /** The answer in a sentence. */
  sentence: z.string(),
  /** The most telling series, the worst first. */
  lines: z.array(z.object({ series: monitorSeriesSchema, points: z.array(pointSchema) })),
  unit: z.enum(statisticUnits),
  elapsedMs: z.number(),
});
export type MonitorPreview = z.infer<typeof previewMonitorOutput>;

export const monitorCoverageInput = z.object({});
export const monitorCoverageOutput = z.object({
  models: z.array(
    z.object({
      model: z.string(),
      monitorCount: z.int(),
      /** Kinds that some monitor that is on watches. */
      kinds: z.array(monitorKindSchema),
      featureCount: z.int(),
      /** Features whose drift or quality nobody watches; at most 50 of them by name. */
      unwatchedFeatureCount: z.int(),
      unwatchedFeatures: z.array(z.string()),
    }),
  ),
  modelCount: z.int(),
  unwatchedModelCount: z.int(),
});
export type MonitorCoverage = z.infer<typeof monitorCoverageOutput>;

const monitorsPath = (workspace: string) => `${workspacePath(workspace)}/monitors`;
const monitorPath = (workspace: string, monitorId: string) =>
  `${monitorsPath(workspace)}/${encodeURIComponent(monitorId)}`;

export const monitorListQuery = (workspace: string, model?: string) =>
  queryOptions({
    queryKey: ["monitor", workspace, "list", model ?? null],
    queryFn: ({ signal }) =>
      requestJson({
        path: monitorsPath(workspace),
        query: { model },
        output: monitorListOutput,
        signal,
      }),
  });

export const monitorCoverageQuery = (workspace: string) =>
  queryOptions({
    queryKey: ["monitor", workspace, "coverage"],
    queryFn: ({ signal }) =>
      requestJson({
        path: `${monitorsPath(workspace)}/coverage`,
        output: monitorCoverageOutput,
        signal,
      }),
  });

export const monitorQuery = (workspace: string, monitorId: string) =>
  queryOptions({
    queryKey: ["monitor", workspace, "one", monitorId],
    queryFn: ({ signal }) =>
      requestJson({ path: monitorPath(workspace, monitorId), output: monitorOutput, signal }),
  });

export const monitorHistoryQuery = (
  workspace: string,
  monitorId: string,
  query: Omit<z.input<typeof monitorHistoryInput>, "monitorId" | "days"> & { days: number },
) =>
  queryOptions({
    queryKey: ["monitor", workspace, "history", monitorId, query],
    queryFn: ({ signal }) =>
      requestJson({
        path: `${monitorPath(workspace, monitorId)}/history`,
        query,
        output: monitorHistoryOutput,
        signal,
      }),
  });

export type PreviewAsk = Omit<z.input<typeof previewMonitorInput>, "model">;

export const monitorPreviewQuery = (workspace: string, model: string, ask: PreviewAsk) =>
  queryOptions({
    queryKey: ["monitor", workspace, "preview", model, ask],
    queryFn: ({ signal }) =>
      requestJson({
        path: `${monitorsPath(workspace)}/preview`,
        method: "POST",
        body: { model, ...ask },
        output: previewMonitorOutput,
        signal,
      }),
  });

export type MonitorBody = z.input<typeof monitorDraftSchema>;

export const createMonitor = (workspace: string, model: string, monitor: MonitorBody) =>
  requestJson({
    path: monitorsPath(workspace),
    method: "POST",
    body: { model, monitor },
    output: createMonitorOutput,
  });

export const updateMonitor = (
  workspace: string,
  monitorId: string,
  body: { monitor: MonitorBody; revision: number },
) =>
  requestJson({
    path: monitorPath(workspace, monitorId),
    method: "PATCH",
    body,
    output: updateMonitorOutput,
  });

export const enableMonitor = (workspace: string, monitorId: string, isEnabled: boolean) =>
  requestJson({
    path: `${monitorPath(workspace, monitorId)}/enable`,
    method: "POST",
    body: { isEnabled },
    output: z.undefined(),
  });

export const deleteMonitor = (workspace: string, monitorId: string) =>
  requestJson({
    path: monitorPath(workspace, monitorId),
    method: "DELETE",
    output: z.undefined(),
  });

export const runMonitor = (workspace: string, monitorId: string) =>
  requestJson({
    path: `${monitorPath(workspace, monitorId)}/run`,
    method: "POST",
    body: {},
    output: runMonitorOutput,
  });

export const watchModel = (workspace: string, model: string) =>
  requestJson({
    path: `${monitorsPath(workspace)}/defaults`,
    method: "POST",
    body: { model },
    output: watchModelOutput,
  });
