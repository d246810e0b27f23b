import type { z } from "zod";
import { scopeClickHouse } from "#db/clickhouse/define-query.ts";
import { runStatement } from "#db/clickhouse/define-statement.ts";
import { vanishedProfiles } from "#db/clickhouse/queries/vanished-profiles.ts";
import { clearVanishedProfiles } from "#db/clickhouse/statements/clear-vanished-profiles.ts";
import type { Stores } from "../context.ts";

type Replaced = z.input<(typeof clearVanishedProfiles)["params"]>;

/** Takes away the profiles that the run of this revision did not write again. Most often there are none, and to find that out
 *  takes a third of the time that an insert of nothing takes. */
export async function clearVanished(
  { clickhouse }: Pick<Stores, "clickhouse">,
  workspaceId: string,
  replaced: Replaced,
  signal?: AbortSignal,
): Promise<void> {
  const ch = scopeClickHouse(clickhouse, workspaceId);
  const [found] = await ch.query(vanishedProfiles, replaced, signal);
  if (found?.count === 0) return;
  await runStatement(clickhouse, workspaceId, clearVanishedProfiles, replaced, signal);
}
