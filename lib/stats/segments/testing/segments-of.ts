/** Rows with tags, and the losses of all their segments, counted row by row. */
import type { Moments } from "#lib/stats/moments.ts";
import { momentsOf } from "#lib/stats/moments.ts";
import type { SegmentCondition, SegmentLosses } from "../worst-segments.ts";

export const say = (conditions: readonly SegmentCondition[]) =>
  conditions.map(({ key, value }) => `${key}=${value}`).join(" & ");

export interface Row {
  tags: Record<string, string>;
  loss: number;
}

/** Every tag alone and every two of them. */
export function segmentsOf(rows: readonly Row[]): { total: Moments; segments: SegmentLosses[] } {
  const groups = new Map<string, { conditions: SegmentCondition[]; losses: number[] }>();
  const put = (conditions: SegmentCondition[], loss: number) => {
    const id = say(conditions);
    const held = groups.get(id);
    if (held === undefined) groups.set(id, { conditions, losses: [loss] });
    else held.losses.push(loss);
  };
  for (const { tags, loss } of rows) {
    const conditions = Object.entries(tags).map(([key, value]) => ({ key, value }));
    conditions.forEach((one, i) => {
      put([one], loss);
      for (const other of conditions.slice(i + 1)) put([one, other], loss);
    });
  }
  return {
    total: momentsOf(rows.map(({ loss }) => loss)),
    segments: [...groups.values()].map(({ conditions, losses }) => ({
      conditions,
      ...momentsOf(losses),
    })),
  };
}
