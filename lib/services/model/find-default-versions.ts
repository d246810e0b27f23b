import { pieceParams } from "#db/clickhouse/fragments/profile-window.ts";
import { windowRowCounts } from "#db/clickhouse/queries/row-counts.ts";
import { grainMs } from "#lib/domain/grain.ts";
import { defaultVersion } from "#lib/domain/model.ts";
import type { SeenVersion } from "#lib/rules/choose-version.ts";
import { chooseVersion, listServing } from "#lib/rules/choose-version.ts";
import type { ServiceContext } from "../context.ts";
import { coverWindow } from "../profile/cover-window.ts";

export interface VersionPlace {
  modelId: string;
  environment: string;
}

const placeName = ({ modelId, environment }: VersionPlace) => `${modelId} ${environment}`;

/** Which version of each model and environment a question is about that names none, by the rows of the last 24 hours. They are counted
 *  only where several versions serve. */
export async function findDefaultVersions(
  ctx: Pick<ServiceContext, "ch" | "signal" | "now">,
  versions: readonly (SeenVersion & VersionPlace)[],
): Promise<(place: VersionPlace) => string> {
  const byPlace = Map.groupBy(versions, placeName);
  const open = [...byPlace.values()].filter((own) => listServing(own).length > 1);
  const modelIds = [...new Set(open.flatMap((own) => own.map(({ modelId }) => modelId)))];
  const { pieces } = coverWindow(new Date(ctx.now.getTime() - grainMs["1d"]), ctx.now, ctx.now);
  const counts =
    modelIds.length === 0
      ? []
      : await ctx.ch.query(windowRowCounts, { modelIds, ...pieceParams(pieces) }, ctx.signal);
  const countsByPlace = Map.groupBy(counts, placeName);
  return (place) => {
    const name = placeName(place);
    const rowCounts = new Map(
      countsByPlace.get(name)?.map(({ version, rowCount }) => [version, rowCount]),
    );
    const chosen = chooseVersion(byPlace.get(name) ?? [], (version) => rowCounts.get(version) ?? 0);
    return chosen ?? defaultVersion;
  };
}

/** The same of one. */
export async function findDefaultVersion(
  ctx: Pick<ServiceContext, "ch" | "signal" | "now">,
  modelId: string,
  environment: string,
  versions: readonly (SeenVersion & { environment: string })[],
): Promise<string> {
  const own = versions
    .filter((row) => row.environment === environment)
    .map((row) => ({ ...row, modelId }));
  return (await findDefaultVersions(ctx, own))({ modelId, environment });
}
