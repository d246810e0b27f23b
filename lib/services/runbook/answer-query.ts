import type { z } from "zod";
import { nameQuestion } from "#lib/charts/describe-reading.ts";
import { AppError } from "#lib/domain/errors.ts";
import { unitOf } from "#lib/domain/monitor-definition.ts";
import type { queryResultSchema, StepQuery } from "#lib/domain/runbook.ts";
import type { Stretch } from "#lib/rules/plan-query.ts";
import { planPoints } from "#lib/rules/plan-query.ts";
import { planReference } from "../drift/plan-reference.ts";
import type { ReadContext } from "../monitor/watch.ts";
import type { JudgedValue } from "./judge-values.ts";
import { describeAnswer, judgeValue, toOutcome, worstFirst } from "./judge-values.ts";
import type { AskedQuery, QueryReader, QueryValue } from "./query-value.ts";
import { readLabelValues } from "./read-label-values.ts";
import { grainOf, readWatchedValues } from "./read-watched-values.ts";

type Result = z.output<typeof queryResultSchema>;

const pointsMax = 48;
/** Of what is read window by window. */
const dearPointsMax = 12;
const rowsMax = 20;

/** Asks a step's question of one window: the value of each thing asked, whether it lies where it is expected, and the worst of them
 *  over time. What can't be said says why. */
export async function answerQuery(
  ctx: ReadContext,
  asked: AskedQuery,
  query: StepQuery,
  window: Stretch,
  notes: readonly string[],
): Promise<Result> {
  const plan = planOf(asked, query, window);
  try {
    const read = readerOf(asked);
    const windows = plan.isRelative && plan.stretch !== null ? [window, plan.stretch] : [window];
    const [here = [], there = []] = await read(ctx, asked, windows);
    const judged = worstFirst(
      here.map((value) => judgeValue(value, referenceOf(value, there), query)),
    );
    const worst = judged[0];
    const points =
      worst === undefined ? [] : await readPoints(ctx, asked, window, plan, worst.value);
    return toResult(asked, query, window, plan, { judged, points, notes });
  } catch (error) {
    // What was asked is not there: that is an answer, and the person who asked reads it.
    if (!(error instanceof AppError) || error.code === "internal" || error.code === "unavailable")
      throw error;
    const reason = error.message.replace(/\.$/, "");
    const value: QueryValue = { name: "", target: asked.target, kind: "unknown", reason };
    const judged = [judgeValue(value, null, query)];
    return toResult(asked, query, window, plan, { judged, points: [], notes });
  }
}

interface Plan {
  /** Of a reference that is a stretch of time. */
  stretch: Stretch | null;
  label: string | null;
  isRelative: boolean;
}

function planOf(asked: AskedQuery, { expect }: StepQuery, window: Stretch): Plan {
  const isRelative = expect?.kind === "range" && expect.isRelative;
  const compares = asked.kind === "drift" || asked.kind === "quality";
  if (!isRelative && !compares) return { stretch: null, label: null, isRelative };
  const plan = planReference(
    { window: { ...window, pieces: [] }, version: asked.version, now: asked.now },
    { reference: asked.reference },
  );
  if (plan === null) return { stretch: null, label: "the training baseline", isRelative };
  return { stretch: plan, label: plan.label, isRelative };
}

function readerOf({ target }: AskedQuery): QueryReader {
  return target.kind === "label" ? readLabelValues : readWatchedValues;
}

const referenceOf = (value: QueryValue, there: readonly QueryValue[]): QueryValue | null =>
  there.find(({ name }) => name === value.name) ?? null;

/** The worst over time. Where every part would be compared with another stretch, its line would not be one. */
async function readPoints(
  ctx: ReadContext,
  asked: AskedQuery,
  window: Stretch,
  { isRelative, stretch }: Plan,
  worst: QueryValue,
): Promise<Result["points"]> {
  const moves = asked.reference === "previous" || asked.reference === "trailing";
  if (moves && !isRelative) return [];
  const read = readerOf(asked);
  const parts = planPoints(window, {
    grainMs: grainOf(asked, window.fromTime),
    pointsMax: read === readWatchedValues ? pointsMax : dearPointsMax,
  });
  const backMs =
    isRelative && stretch !== null ? window.fromTime.getTime() - stretch.fromTime.getTime() : 0;
  const before =
    backMs === 0
      ? []
      : parts.map(({ fromTime, untilTime }) => ({
          fromTime: new Date(fromTime.getTime() - backMs),
          untilTime: new Date(untilTime.getTime() - backMs),
        }));
  const narrowed = { ...asked, target: worst.target };
  const found = await read(ctx, narrowed, [...parts, ...before]);
  const valueAt = (index: number) => {
    const values = found[index] ?? [];
    const own = values.find(({ name }) => name === worst.name) ?? values[0];
    return own?.kind === "value" ? own : null;
  };
  return parts.map(({ fromTime, untilTime }, i) => {
    const own = valueAt(i);
    return {
      from: fromTime.toISOString(),
      until: untilTime.toISOString(),
      value: own?.value ?? null,
      lower: own?.lower ?? null,
      upper: own?.upper ?? null,
      sampleCount: own?.sampleCount ?? null,
      reference: backMs === 0 ? null : (valueAt(parts.length + i)?.value ?? null),
    };
  });
}

function toResult(
  asked: AskedQuery,
  query: StepQuery,
  { fromTime, untilTime }: Stretch,
  { label, isRelative }: Plan,
  {
    judged,
    points,
    notes,
  }: { judged: readonly JudgedValue[]; points: Result["points"]; notes: readonly string[] },
): Result {
  const { kind, statistic } = asked;
  const unit = unitOf(kind, statistic);
  const { outcome, reason } = toOutcome(judged, query);
  const [worst] = judged;
  const value = worst?.value.kind === "value" ? worst.value : null;
  const { expect } = query;
  const range = expect?.kind === "range" ? expect : null;
  const reference = worst?.reference ?? null;
  const scale = isRelative ? reference : 1;
  const bound = (at: number | undefined) =>
    at === undefined || scale === null ? null : at * scale;
  return {
    outcome,
    sentence: describeAnswer({
      judged,
      outcome,
      reason,
      query,
      unit,
      what: nameQuestion(kind, statistic),
    }),
    statistic: nameQuestion(kind, statistic),
    unit,
    value: value?.value ?? null,
    lower: value?.lower ?? null,
    upper: value?.upper ?? null,
    sampleCount: value?.sampleCount ?? null,
    ratio: worst?.ratio ?? null,
    referenceValue: reference,
    expected: sayExpected(query),
    reason,
    asked: {
      model: asked.model.name,
      environment: asked.environment,
      version: asked.version,
      segment: asked.segment,
      target: sayTarget(asked),
      from: fromTime.toISOString(),
      until: untilTime.toISOString(),
      reference: label,
    },
    notes: [...notes],
    rows: judged.slice(0, rowsMax).map(({ value: one, outcome: own, text }) => ({
      name: one.name,
      value: one.kind === "value" ? one.value : null,
      lower: one.kind === "value" ? one.lower : null,
      upper: one.kind === "value" ? one.upper : null,
      sampleCount: one.kind === "value" ? one.sampleCount : null,
      outcome: own,
      text,
    })),
    rowCount: judged.length,
    points,
    low: bound(range?.low?.at),
    high: bound(range?.high?.at),
  };
}

function sayTarget({ target }: AskedQuery): string {
  switch (target.kind) {
    case "feature":
      return `feature ${target.feature}`;
    case "features":
      return "all features";
    case "everything":
      return "all features and the prediction";
    case "prediction":
    case "label":
      return target.kind;
    case "model":
      return "the whole model";
  }
}

function sayExpected({ expect, kind }: StepQuery): string | null {
  if (expect === null) return null;
  if (expect.kind === "range") return expect.text;
  if (kind === "drift") return "no drift";
  return kind === "skew" ? "no skew" : "no problem";
}
