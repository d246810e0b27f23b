import { groupErrors, groupOutcomes } from "#db/clickhouse/queries/group-outcomes.ts";
import { otherSegment } from "#lib/domain/segment.ts";
import type { ErringGroup } from "#lib/stats/fairness/compare-errors.ts";
import type { DecidedGroup } from "#lib/stats/fairness/compare-groups.ts";
import type { ClassPair } from "#lib/stats/performance/binary-view.ts";
import { addToConfusion, NO_CONFUSION } from "#lib/stats/performance/confusion.ts";
import type { Moment } from "#lib/stats/performance/moments.ts";
import { NO_MOMENT } from "#lib/stats/performance/moments.ts";
import type { ServiceContext } from "../context.ts";
import { pieceLists } from "../performance/read-buckets.ts";
import type { WindowPiece } from "../profile/cover-window.ts";

interface GroupsKey {
  modelId: string;
  environment: string;
  version: string;
  segmentKey: string;
}

const toParams = (key: GroupsKey, pieces: readonly WindowPiece[]) => ({
  ...key,
  grains: pieces.map((piece): "1h" | "1d" => (piece.grain === "1d" ? "1d" : "1h")),
  ...pieceLists(pieces),
});

/** Rows that state no group are none, and those of many small ones are not one. */
const isComparable = (value: string) => value !== "" && value !== otherSegment;

export interface DecidedGroups {
  source: "model" | "score";
  groups: DecidedGroup[];
}

/** What was decided for each group and what turned out: by the classes that were named, or where none was, by scores. */
export async function readDecidedGroups(
  ctx: Pick<ServiceContext, "ch" | "signal">,
  key: GroupsKey,
  pieces: readonly WindowPiece[],
  classes: ClassPair,
): Promise<DecidedGroups> {
  const rows = await ctx.ch.query(groupOutcomes, toParams(key, pieces), ctx.signal);
  const sideOf = (name: string): boolean | null => {
    if (name === classes.positive) return true;
    return name === classes.negative ? false : null;
  };
  const isNamed = rows.some((row) => row.source === "pair" && sideOf(row.decision) !== null);
  const groups = new Map<string, DecidedGroup>();
  for (const { segmentValue: group, source, decision, label, rowCount } of rows) {
    if (source !== (isNamed ? "pair" : "score")) continue;
    const decided = isNamed ? sideOf(decision) : decision === "yes";
    if (decided === null) continue;
    const turned = sideOf(label);
    const held = groups.get(group) ?? {
      group,
      selection: { count: 0, total: 0 },
      confusion: NO_CONFUSION,
      isComparable: isComparable(group),
    };
    const { count, total } = held.selection;
    groups.set(group, {
      ...held,
      selection: { count: count + (decided ? rowCount : 0), total: total + rowCount },
      confusion:
        turned === null
          ? held.confusion
          : addToConfusion(held.confusion, decided, turned, rowCount),
    });
  }
  return {
    source: isNamed ? "model" : "score",
    groups: [...groups.values()].sort((a, b) => b.selection.total - a.selection.total),
  };
}

/** How far off a regression was for each group. */
export async function readErringGroups(
  ctx: Pick<ServiceContext, "ch" | "signal">,
  key: GroupsKey,
  pieces: readonly WindowPiece[],
): Promise<ErringGroup[]> {
  const rows = await ctx.ch.query(groupErrors, toParams(key, pieces), ctx.signal);
  const values = [...new Set(rows.map((row) => row.segmentValue))];
  const momentOf = (value: string, moment: "error" | "absolute_error"): Moment => {
    const row = rows.find((one) => one.segmentValue === value && one.moment === moment);
    // An infinite error leaves no figure, and no figure is not zero.
    if (row === undefined || row.mean === null || row.m2 === null) return NO_MOMENT;
    return { count: row.count, mean: row.mean, m2: row.m2 };
  };
  return values
    .map((group) => ({
      group,
      isComparable: isComparable(group),
      moments: {
        mean_error: momentOf(group, "error"),
        mean_absolute_error: momentOf(group, "absolute_error"),
      },
    }))
    .sort((a, b) => b.moments.mean_error.count - a.moments.mean_error.count);
}
