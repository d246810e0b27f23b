import { featureLastSeen } from "#db/clickhouse/queries/feature-last-seen.ts";
import { listExpectationRows } from "#db/postgres/queries/expectation.ts";
import type { DriftReferenceQuery } from "#lib/api/drift.ts";
import { grainMs } from "#lib/domain/grain.ts";
import type { DeclaredExpectation } from "#lib/domain/quality.ts";
import type { ServiceContext } from "../context.ts";
import { readWindowSide } from "../drift/profile-side.ts";
import type { Reference } from "../drift/read-reference.ts";
import { readReference } from "../drift/read-reference.ts";
import type { Waiting } from "../drift/read-waiting.ts";
import { judgeWaiting, readWaitingRows } from "../drift/read-waiting.ts";
import type { ResolvedScope } from "../model/resolve-scope.ts";
import { segmentParamsOf } from "../segment/resolve-segment.ts";
import type { QualityAnswer } from "./ask-keys.ts";
import { askKeys } from "./ask-keys.ts";
import { settleConstants } from "./settle-constants.ts";

export interface ReadQuality extends QualityAnswer {
  reference: Reference["described"] | null;
  windowRowCount: number;
  waiting: Waiting;
  /** When each feature was last sent, in all of history; what is not here never was. */
  lastSeenMs: ReadonlyMap<string, number>;
}

type ReadContext = Pick<ServiceContext, "pg" | "ch" | "workspaceId" | "signal">;

/** Every feature of a window, asked and judged. */
export async function readQuality(
  ctx: ReadContext,
  scope: ResolvedScope,
  asked: DriftReferenceQuery,
): Promise<ReadQuality> {
  const [reference, window, declared, lastSeenMs, waitingRows] = await Promise.all([
    readReference(ctx, scope, asked),
    readWindowSide(ctx.ch, scope, scope.window.pieces, { signal: ctx.signal }),
    readDeclared(ctx, scope.modelId),
    readLastSeen(ctx, scope),
    readWaitingRows(ctx, scope, asked),
  ]);
  const alone = askKeys({
    reference: reference?.side ?? null,
    window,
    types: scope.types,
    declared,
    everSent: lastSeenMs,
  });
  const [answer = alone] = await settleConstants(ctx, scope, [
    { window: scope.window, answer: alone },
  ]);
  return {
    ...answer,
    reference: reference?.described ?? null,
    windowRowCount: window.rowCount,
    waiting: judgeWaiting(waitingRows, window.rowCount, reference),
    lastSeenMs,
  };
}

async function readDeclared(
  ctx: Pick<ReadContext, "pg" | "workspaceId">,
  modelId: string,
): Promise<Map<string, DeclaredExpectation>> {
  const rows = await listExpectationRows(ctx, modelId);
  return new Map(rows.map((row) => [row.feature, row.declared]));
}

/** Days that may not be folded from their hours yet. */
export const unfoldedDays = 2;

export async function readLastSeen(
  ctx: Pick<ReadContext, "ch" | "signal">,
  scope: Pick<ResolvedScope, "modelId" | "environment" | "version" | "segment" | "now">,
): Promise<Map<string, number>> {
  const { modelId, environment, version, now } = scope;
  const hoursFrom = new Date(now.getTime() - unfoldedDays * grainMs["1d"]);
  const rows = await ctx.ch.query(
    featureLastSeen,
    { modelId, environment, version, hoursFrom, ...segmentParamsOf(scope) },
    ctx.signal,
  );
  return new Map(rows.map((row) => [row.feature, row.lastSeenMs]));
}
