import type { QueryKind, QueryReference } from "#lib/domain/runbook.ts";
import type { Measured } from "#lib/rules/judge-series.ts";
import type { ReadContext } from "../monitor/watch.ts";

/** A question of a runbook with all that it is asked of. */
export interface AskedQuery {
  model: { id: string; name: string };
  environment: string;
  /** Empty: all versions together. */
  version: string;
  segment: { key: string; value: string } | null;
  kind: QueryKind;
  statistic: string;
  target: AskedTarget;
  reference: QueryReference;
  sampleMin: number | null;
  now: Date;
}

export type AskedTarget =
  | { kind: "model" | "everything" | "features" | "prediction" | "label" }
  | { kind: "feature"; feature: string };

/** What one thing that was asked is in one window. */
export type QueryValue = { name: string; target: AskedTarget } & (
  | (Measured & {
      kind: "value";
      sampleCount: number;
      /** Of a verdict alone. */
      isGood: boolean | null;
      /** What a verdict goes by. */
      words: string | null;
    })
  | { kind: "unknown"; reason: string }
);

export interface QueryWindowTimes {
  fromTime: Date;
  untilTime: Date;
}

/** The values of each window, in their order. */
export type QueryReader = (
  ctx: ReadContext,
  asked: AskedQuery,
  windows: readonly QueryWindowTimes[],
) => Promise<QueryValue[][]>;
