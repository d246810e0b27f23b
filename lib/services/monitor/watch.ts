import { segmentCatalogue } from "#db/clickhouse/queries/segment-keys.ts";
import type { WindowTimes } from "#db/postgres/queries/evaluated-window.ts";
import { listFeatureRows, listVersionRows } from "#db/postgres/queries/model.ts";
import { listSegmentKeyRows } from "#db/postgres/queries/segment.ts";
import { findWorkspace } from "#db/postgres/queries/workspace.ts";
import { AppError } from "#lib/domain/errors.ts";
import type { FeatureType } from "#lib/domain/model.ts";
import type { MonitorKind, MonitorSeries, SeriesSubject } from "#lib/domain/monitor.ts";
import type { MonitorQuestion } from "#lib/domain/monitor-definition.ts";
import { monitorLimits } from "#lib/domain/monitor-definition.ts";
import type { Segment } from "#lib/domain/segment.ts";
import type { Judgement, Measured } from "#lib/rules/judge-series.ts";
import type { ServiceContext } from "../context.ts";
import { unfoldedDays } from "../quality/read-quality.ts";

export type ReadContext = Pick<ServiceContext, "pg" | "ch" | "workspaceId" | "signal">;

/** One version and segment: what is read together and judged as one family. */
export interface WatchedSide {
  environment: string;
  /** Empty: all versions together. */
  version: string;
  segment: Segment | null;
  /** Whether rows were to be expected in a window: none are of a version that had not come yet, or was not seen any more. */
  isExpected(window: WindowTimes): boolean;
}

/** A question with all that it is asked of. */
export interface Watch {
  modelId: string;
  kind: MonitorKind;
  question: MonitorQuestion;
  types: ReadonlyMap<string, FeatureType>;
  sides: readonly WatchedSide[];
  zone: string;
  now: Date;
}

/** What a series is in a window, before a threshold is held against it; a verdict brings its judgement along. */
export type Reading =
  | (Measured & {
      kind: "value";
      sampleCount: number;
      judgement?: Pick<Judgement, "judged"> & { threshold: number | null };
      words?: string;
      /** Rows that could make it better are still being profiled. */
      isWaiting?: boolean;
    })
  | { kind: "no_data"; reason: string }
  | { kind: "failed"; reason: string };

export interface SeriesReading {
  series: MonitorSeries;
  reading: Reading;
}

/** Answers window by window, in the order that they were asked. */
export type KindReader = (
  ctx: ReadContext,
  watch: Watch,
  windows: readonly WindowTimes[],
) => Promise<SeriesReading[][]>;

export const seriesOf = (
  side: WatchedSide,
  subject: SeriesSubject = "model",
  column = "",
): MonitorSeries => ({
  environment: side.environment,
  version: side.version,
  subject,
  column,
  segmentKey: side.segment?.key ?? "",
  segmentValue: side.segment?.value ?? "",
});

/** What a question is asked of today: the model's features, versions and segments. */
export async function resolveWatch(
  ctx: ReadContext,
  { modelId, question, now }: { modelId: string; question: MonitorQuestion; now: Date },
): Promise<Watch> {
  const { kind } = question;
  const [features, versions, segments, workspace] = await Promise.all([
    listFeatureRows(ctx, modelId),
    listVersionRows(ctx, modelId),
    resolveSegments(ctx, modelId, question, now),
    findWorkspace(ctx),
  ]);
  return {
    modelId,
    kind,
    question,
    types: new Map(features.map((row) => [row.name, row.type])),
    sides: resolveVersions(question, kind, versions).flatMap((version) =>
      segments.map((segment) => ({ ...version, segment })),
    ),
    zone: workspace?.timeZone ?? "UTC",
    now,
  };
}

/** How old a model is and how much it sends is asked of all its versions together: an old one that goes quiet is no fault. How late
 *  rows and values come is kept version by version. */
const isOfAllVersions = (kind: MonitorKind, statistic: string) =>
  kind === "volume" || (kind === "freshness" && statistic === "event_age");

function resolveVersions(
  { environment, version, definition }: MonitorQuestion,
  kind: MonitorKind,
  versions: Awaited<ReturnType<typeof listVersionRows>>,
): Omit<WatchedSide, "segment">[] {
  const seen = versions.filter((row) => row.environment === environment);
  if (version !== null || isOfAllVersions(kind, definition.statistic)) {
    const wanted = version === null ? seen : seen.filter((row) => row.version === version);
    const firstMs = Math.min(...wanted.map((row) => row.firstSeenAt.getTime()));
    return [
      {
        environment,
        version: version ?? "",
        isExpected: ({ untilTime }) => untilTime.getTime() > firstMs,
      },
    ];
  }
  return seen.slice(0, monitorLimits.versionsMax).map((row) => ({
    environment,
    version: row.version,
    isExpected: ({ fromTime, untilTime }) =>
      row.firstSeenAt < untilTime && row.lastSeenAt >= fromTime,
  }));
}

async function resolveSegments(
  ctx: ReadContext,
  modelId: string,
  { kind, definition: { segment } }: MonitorQuestion,
  now: Date,
): Promise<(Segment | null)[]> {
  // Fairness compares all groups of the attribute with each other: they are read at once.
  if (segment === null || kind === "fairness") return [null];
  const declared = await listSegmentKeyRows(ctx, modelId);
  if (!declared.some(({ key }) => key === segment.key))
    throw new AppError("not_found", `The segment key "${segment.key}" is not declared any more.`);
  if (segment.value !== null) return [{ key: segment.key, value: segment.value }];
  const hoursFrom = new Date(now.getTime() - unfoldedDays * 86_400_000);
  const values = await ctx.ch.query(
    segmentCatalogue,
    { modelId, segmentKeys: [segment.key], hoursFrom },
    ctx.signal,
  );
  return values
    .slice(0, monitorLimits.segmentValuesMax)
    .map(({ value }) => ({ key: segment.key, value }));
}

/** Of all that a reader answers for a window that cannot be read as a whole. */
export function unknownOf(watch: Watch, side: WatchedSide, reason: string): SeriesReading {
  const { target } = watch.question.definition;
  const reading = { kind: "no_data" as const, reason };
  switch (target.kind) {
    case "feature":
      return { series: seriesOf(side, "feature", target.feature ?? ""), reading };
    case "model":
    case "everything":
    case "features":
    case "prediction":
      return { series: seriesOf(side), reading };
  }
}
