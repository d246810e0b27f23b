import type { z } from "zod";
import { matchedGroups, matchedGroupsMax } from "#db/clickhouse/queries/matched-groups.ts";
import { matchedRows, matchedRowsMax } from "#db/clickhouse/queries/matched-rows.ts";
import type { Answered, PairedRow } from "#lib/stats/paired/compare-pairs.ts";
import type { GroupRankedTwice } from "#lib/stats/paired/compare-rankings.ts";
import type { ServiceContext } from "../context.ts";
import type { ResolvedScope } from "../model/resolve-scope.ts";
import type { ChosenVersions } from "./choose-versions.ts";

export interface MatchedPairs {
  rows: PairedRow[];
  /** There are more: these are the ones with the smallest hashes, or a share of all hashes. */
  isSampled: boolean;
}

/** Rows of the smaller side that are read to be matched: their ids are held in memory. */
const sideRowsMax = 1_000_000;

/** What two versions answered to the same requests. */
export async function readMatched(
  ctx: Pick<ServiceContext, "ch" | "signal">,
  scope: ResolvedScope,
  versions: ChosenVersions,
  rowCounts: { champion: number; challenger: number },
): Promise<MatchedPairs> {
  const smaller = Math.min(rowCounts.champion, rowCounts.challenger);
  const sampleOf = Math.max(1, Math.ceil(smaller / sideRowsMax));
  const [found] = await ctx.ch.query(
    matchedRows,
    {
      ...paramsOf(scope, versions, sampleOf),
      isFirstLarger: rowCounts.champion >= rowCounts.challenger,
    },
    ctx.signal,
  );
  const rows = found === undefined ? [] : toRows(found);
  return { rows, isSampled: sampleOf > 1 || rows.length === matchedRowsMax };
}

const paramsOf = (
  { modelId, environment, window: { fromTime, untilTime } }: ResolvedScope,
  { champion, challenger }: ChosenVersions,
  sampleOf: number,
) => ({
  modelId,
  environment,
  firstVersion: champion,
  secondVersion: challenger,
  fromTime,
  untilTime,
  sampleOf,
});

export interface MatchedGroups {
  /** Those of which every item is labelled. */
  groups: GroupRankedTwice[];
  /** All that both ranked, or of the sample. */
  groupCount: number;
  isSampled: boolean;
}

/** Rows of the champion whose groups are read. */
const rankedRowsMax = 300_000;

/** How two versions ranked the same items. */
export async function readMatchedGroups(
  ctx: Pick<ServiceContext, "ch" | "signal">,
  scope: ResolvedScope,
  versions: ChosenVersions,
  championRowCount: number,
): Promise<MatchedGroups> {
  const sampleOf = Math.max(1, Math.ceil(championRowCount / rankedRowsMax));
  const [found] = await ctx.ch.query(
    matchedGroups,
    paramsOf(scope, versions, sampleOf),
    ctx.signal,
  );
  const { groupCount, firsts, seconds } = found ?? { groupCount: 0, firsts: [], seconds: [] };
  return {
    groups: firsts.map((first, i) => ({ first, second: seconds[i] ?? [] })),
    groupCount,
    isSampled: sampleOf > 1 || groupCount === matchedGroupsMax,
  };
}

type Lists = z.output<(typeof matchedRows)["row"]>;

const finite = (value: number | string | null | undefined): number | null =>
  typeof value === "number" && Number.isFinite(value) ? value : null;

function toRows(lists: Lists): PairedRow[] {
  const first = (i: number): Answered => ({
    decision: lists.firstDecisions[i] ?? "",
    score: finite(lists.firstScores[i]),
    value: finite(lists.firstValues[i]),
    labelProbability: finite(lists.firstLabelProbabilities[i]),
  });
  const second = (i: number): Answered => ({
    decision: lists.secondDecisions[i] ?? "",
    score: finite(lists.secondScores[i]),
    value: finite(lists.secondValues[i]),
    labelProbability: finite(lists.secondLabelProbabilities[i]),
  });
  return lists.hasLabels.map((hasLabel, i) => ({
    first: first(i),
    second: second(i),
    label:
      hasLabel === 1
        ? { name: lists.labelNames[i] ?? "", number: finite(lists.labelNumbers[i]) }
        : null,
  }));
}
