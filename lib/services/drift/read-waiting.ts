import { formatCount } from "#lib/charts/format-number.ts";
import { plural } from "#lib/charts/sentence.ts";
import type { ServiceContext } from "../context.ts";
import type { ResolvedScope } from "../model/resolve-scope.ts";
import type { WaitingRows } from "../profile/count-waiting-rows.ts";
import { countWaitingRows } from "../profile/count-waiting-rows.ts";
import type { Reference } from "./read-reference.ts";

export interface Waiting {
  /** Of the window's rows those that its profiles do not hold yet. */
  share: number;
  /** Why no verdict can be passed yet, in words; null: both sides are counted. */
  reason: string | null;
}

/** What of a comparison is not counted yet. A window that is compared with what is not in yet says nothing either. */
export async function readWaiting(
  ctx: Pick<ServiceContext, "pg" | "ch" | "workspaceId" | "signal">,
  scope: ResolvedScope,
  windowRowCount: number,
  reference: Reference | null,
): Promise<Waiting> {
  const here = await countWaitingRows(ctx, scope, scope.window, windowRowCount);
  if (!here.isReadable) return { share: here.share, reason: sayRows(here, "the window") };
  const { share } = here;
  if (reference === null || reference.described.from === null) return { share, reason: null };
  const { from, until, version, label, rowCount } = reference.described;
  const stretch = { fromTime: new Date(from), untilTime: new Date(until ?? from) };
  const side = { ...scope, version: version ?? scope.version };
  const there = await countWaitingRows(ctx, side, stretch, rowCount);
  return { share, reason: there.isReadable ? null : sayRows(there, label) };
}

/** Stands beside "cannot say". */
function sayRows({ rowCount }: WaitingRows, where: string): string {
  const rows = `${formatCount(rowCount)} ${plural(rowCount, "row")}`;
  return `not yet: ${rows} of ${where} ${plural(rowCount, "waits", "wait")} to be profiled`;
}
