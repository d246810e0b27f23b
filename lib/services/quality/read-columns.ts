import { columnQuality } from "#db/clickhouse/queries/column-quality.ts";
import type { Constancy } from "#lib/stats/quality/constancy.ts";
import type { QualityCheck } from "#lib/stats/quality/quality-checks.ts";
import { qualityChecksOf, settleConstant } from "#lib/stats/quality/quality-checks.ts";
import type { QualityCounts, ValueKind } from "#lib/stats/quality/quality-counts.ts";
import type { FeatureQuality } from "#lib/stats/quality/quality-verdict.ts";
import { isVarietyGone, judgeQuality } from "#lib/stats/quality/quality-verdict.ts";
import type { ServiceContext } from "../context.ts";
import type { ResolvedScope } from "../model/resolve-scope.ts";
import type { Columns } from "../profile/cover-window.ts";
import { columnWindow } from "../profile/cover-window.ts";
import { keyName } from "../profile/sum-profiles.ts";
import { segmentParamsOf } from "../segment/resolve-segment.ts";
import type { QualityKey } from "./ask-keys.ts";
import { readConstancies } from "./settle-constants.ts";

export interface QualityColumn {
  rowCount: number;
  /** Null without rows. */
  quality: FeatureQuality | null;
}

/** A column is short: with fewer rows than this it says nothing. */
const columnRowCountMin = 30;

/** Values that are passed to the store by name; what is past them is not counted by column. */
const unseenNamesMax = 500;

const noBound = Number.MAX_VALUE;

/** Every key in every column of a chart, against the same baseline and expectations as the whole window; the keys of a column
 *  are judged as one family. By key, then by column. */
export async function readQualityColumns(
  ctx: Pick<ServiceContext, "ch" | "signal">,
  scope: ResolvedScope,
  keys: readonly QualityKey[],
  columns: Columns,
): Promise<QualityColumn[][]> {
  if (keys.length === 0) return [];
  const asks = keys.map(toAsk);
  const rows = await ctx.ch.query(
    columnQuality,
    {
      modelId: scope.modelId,
      environment: scope.environment,
      version: scope.version,
      ...segmentParamsOf(scope),
      grain: columns.grain,
      ...columnWindow(columns),
      columnSeconds: columns.bucketMs / 1000,
      // The rows themselves stand first: a bucket in which a feature never occurred has no profile of it.
      subjects: ["row", ...keys.map((key) => key.subject)],
      features: ["", ...keys.map((key) => key.feature)],
      lowers: [-noBound, ...asks.map((ask) => ask.lower)],
      uppers: [noBound, ...asks.map((ask) => ask.upper)],
      unseenNames: [[], ...asks.map((ask) => ask.unseenNames)],
      unseenNumbers: [[], ...asks.map((ask) => ask.unseenNumbers)],
      topNames: ["", ...asks.map((ask) => ask.topName)],
      topNumbers: [0, ...asks.map((ask) => ask.topNumber)],
      areTopNumbers: [0, ...asks.map((ask) => Number(ask.isTopNumber))],
    },
    ctx.signal,
  );
  const columnCount = columns.starts.length;
  const rowCounts = new Array<number>(columnCount).fill(0);
  const found = new Map<number, (typeof rows)[number]>();
  for (const row of rows) {
    if (row.position === 1) rowCounts[row.columnIndex] = row.rowCount;
    else found.set((row.position - 2) * columnCount + row.columnIndex, row);
  }
  const asked = keys.map((key, i) =>
    rowCounts.map((rowCount, column): readonly QualityCheck[] => {
      if (rowCount === 0) return [];
      const counts = toCounts(key, rowCount, found.get(i * columnCount + column));
      return qualityChecksOf(
        key.asked.baseline,
        counts,
        key.asked.declaredParts,
        columnRowCountMin,
      );
    }),
  );
  const settled = await settleColumns(ctx, scope, keys, asked, columns);
  const table = keys.map(() => new Array<QualityColumn>(columnCount));
  rowCounts.forEach((rowCount, column) => {
    const judged = judgeQuality(settled.map((own) => own[column] ?? []));
    table.forEach((row, i) => {
      row[column] = { rowCount, quality: rowCount === 0 ? null : (judged[i] ?? null) };
    });
  });
  return table;
}

/** A column is shorter than the window, and what is not one value in the window may be so in a column by nature. Where the whole window
 *  is stuck its columns are; where it is one value by nature they are as well. */
async function settleColumns(
  ctx: Pick<ServiceContext, "ch" | "signal">,
  scope: ResolvedScope,
  keys: readonly QualityKey[],
  asked: readonly (readonly (readonly QualityCheck[])[])[],
  { starts, bucketMs }: Columns,
): Promise<readonly (readonly (readonly QualityCheck[])[])[]> {
  const newest = new Map<number, QualityKey[]>();
  keys.forEach((key, i) => {
    const column = (asked[i] ?? []).findLastIndex((checks) => checks.some(isVarietyGone));
    if (column >= 0 && !key.asked.checks.some(isVarietyGone))
      newest.set(column, [...(newest.get(column) ?? []), key]);
  });
  const constancies = new Map<string, Constancy>();
  const windows = [...newest].map(([column, own]) => {
    const fromTime = starts[column] ?? scope.window.fromTime;
    return {
      window: { fromTime, untilTime: new Date(fromTime.getTime() + bucketMs) },
      keys: own,
    };
  });
  for (const found of windows.length === 0 ? [] : await readConstancies(ctx, scope, windows))
    for (const [name, constancy] of found) constancies.set(name, constancy);
  return keys.map((key, i) => {
    const constancy = constancies.get(keyName(key));
    const own = asked[i] ?? [];
    return constancy === undefined ? own : own.map((checks) => settleConstant(checks, constancy));
  });
}

const isNumberName = (name: string) => name !== "" && String(Number(name)) === name;

/** What the store counts for one key: only what the whole window has, so that a good key costs nothing. */
function toAsk({ asked }: QualityKey) {
  const { expectation, window, unseenValues } = asked;
  const names = unseenValues.slice(0, unseenNamesMax).map((value) => value.name);
  const topName = window.dominant?.name ?? "";
  return {
    lower: (window.below?.least ?? 0) > 0 ? (expectation.minimum ?? -noBound) : -noBound,
    upper: (window.above?.least ?? 0) > 0 ? (expectation.maximum ?? noBound) : noBound,
    unseenNames: names,
    unseenNumbers: names.filter(isNumberName).map(Number),
    topName,
    topNumber: isNumberName(topName) ? Number(topName) : 0,
    isTopNumber: isNumberName(topName),
  };
}

function toCounts(
  { asked }: QualityKey,
  rowCount: number,
  row:
    | {
        rowCount: number;
        nullCount: number;
        absentCount: number;
        nanCount: number;
        infiniteCount: number;
        finiteCount: number;
        stringCount: number;
        booleanCount: number;
        belowCount: number;
        aboveCount: number;
        unseenCount: number;
        topCount: number;
      }
    | undefined,
): QualityCounts {
  const exactly = (count: number) => ({ least: count, most: count });
  const kinds: Record<ValueKind, number> = {
    number: (row?.finiteCount ?? 0) + (row?.nanCount ?? 0) + (row?.infiniteCount ?? 0),
    text: row?.stringCount ?? 0,
    boolean: row?.booleanCount ?? 0,
  };
  const valueCount = kinds.number + kinds.text + kinds.boolean;
  return {
    rowCount,
    valueCount,
    nullCount: row?.nullCount ?? 0,
    absentCount: (row?.absentCount ?? 0) + Math.max(0, rowCount - (row?.rowCount ?? 0)),
    nanCount: row?.nanCount ?? 0,
    infiniteCount: row?.infiniteCount ?? 0,
    wrongKindCount: asked.ruleKind === null ? 0 : valueCount - kinds[asked.ruleKind],
    below: asked.window.below === null ? null : exactly(row?.belowCount ?? 0),
    above: asked.window.above === null ? null : exactly(row?.aboveCount ?? 0),
    unseen: asked.window.unseen === null ? null : exactly(row?.unseenCount ?? 0),
    dominant:
      asked.window.dominant === null
        ? null
        : { name: asked.window.dominant.name, ...exactly(row?.topCount ?? 0) },
  };
}
