import type { DriftReferenceQuery } from "#lib/api/drift.ts";
import { formatCount } from "#lib/charts/format-number.ts";
import { plural } from "#lib/charts/sentence.ts";
import { isStillProfiled } from "#lib/rules/is-still-profiled.ts";
import type { ServiceContext } from "../context.ts";
import type { ResolvedScope } from "../model/resolve-scope.ts";
import { countWaitingRows, waitingShareOf } from "../profile/count-waiting-rows.ts";
import { planReference } from "./plan-reference.ts";
import type { Reference } from "./read-reference.ts";

/** Rows that the profiles of each side do not hold yet. */
export interface WaitingRows {
  window: number;
  reference: number;
}

export interface Waiting {
  /** Of the window's rows. */
  share: number;
  /** Why no verdict can be passed yet, in words; null: both sides are counted. */
  reason: string | null;
}

/** What of a comparison is not counted yet: beside the profiles themselves, since neither needs the other. */
export async function readWaitingRows(
  ctx: Pick<ServiceContext, "pg" | "ch" | "workspaceId" | "signal">,
  scope: ResolvedScope,
  asked: DriftReferenceQuery,
): Promise<WaitingRows> {
  const plan = planReference(scope, asked);
  const [window, reference] = await Promise.all([
    countWaitingRows(ctx, scope, scope.window),
    plan === null ? 0 : countWaitingRows(ctx, { ...scope, version: plan.version }, plan),
  ]);
  return { window, reference };
}

/** A window that is compared with what is not in yet says as little as one that is not in itself. */
export function judgeWaiting(
  waiting: WaitingRows,
  windowRowCount: number,
  reference: Reference | null,
): Waiting {
  const share = waitingShareOf(waiting.window, windowRowCount);
  if (isStillProfiled(share, windowRowCount))
    return { share, reason: sayRows(waiting.window, "the window") };
  if (reference === null) return { share, reason: null };
  const { label, rowCount } = reference.described;
  const isIn = !isStillProfiled(waitingShareOf(waiting.reference, rowCount), rowCount);
  return { share, reason: isIn ? null : sayRows(waiting.reference, label) };
}

/** Stands beside "cannot say". */
function sayRows(rowCount: number, where: string): string {
  const rows = `${formatCount(rowCount)} ${plural(rowCount, "row")}`;
  return `not yet: ${rows} of ${where} ${plural(rowCount, "waits", "wait")} to be profiled`;
}
