import { pieceParams } from "#db/clickhouse/fragments/profile-window.ts";
import { matchedVersions } from "#db/clickhouse/queries/matched-versions.ts";
import { windowRowCounts } from "#db/clickhouse/queries/row-counts.ts";
import { listVersionRows } from "#db/postgres/queries/model.ts";
import { findModelTask } from "#db/postgres/queries/performance-work.ts";
import { versionComparisonInput, versionComparisonOutput } from "#lib/api/version.ts";
import { AppError } from "#lib/domain/errors.ts";
import type { Task } from "#lib/domain/model.ts";
import { challengerRule } from "#lib/rules/judge-challenger.ts";
import type { ServiceContext } from "../context.ts";
import { defineService } from "../define-service.ts";
import type { ResolvedScope } from "../model/resolve-scope.ts";
import { resolveScope } from "../model/resolve-scope.ts";
import { getPerformance } from "../performance/get-performance.ts";
import type { ChosenVersions, CountedVersion } from "./choose-versions.ts";
import { chooseVersions } from "./choose-versions.ts";
import { compareMatched, compareMatchedGroups, nothingMatched } from "./compare-matched.ts";
import { compareUnmatched } from "./compare-unmatched.ts";
import { readMatched, readMatchedGroups } from "./read-matched.ts";

/** Ids that are looked at to find who shares them. */
const idsSampledMax = 500_000;
const candidatesMax = 20;

/** A challenger, or a shadow, beside the champion: on the requests that both answered, where there are any. */
export const getVersionComparison = defineService({
  name: "getVersionComparison",
  role: "viewer",
  input: versionComparisonInput,
  output: versionComparisonOutput,
  writes: false,
  async run(ctx, input) {
    const { champion: askedChampion, challenger: askedChallenger } = input;
    refuseHalf(askedChampion, askedChallenger);
    const scope = await resolveScope(ctx, input);
    const { modelId, environment, window } = scope;
    const { fromTime, untilTime } = window;
    const [task, counted] = await Promise.all([
      findModelTask(ctx.pg, modelId),
      countVersions(ctx, scope),
    ]);
    const rowCount = counted.reduce((sum, row) => sum + row.rowCount, 0);
    const candidateSampleOf = Math.max(1, Math.ceil(rowCount / idsSampledMax));
    const candidates =
      counted.length < 2
        ? []
        : await ctx.ch.query(
            matchedVersions,
            { modelId, environment, fromTime, untilTime, sampleOf: candidateSampleOf },
            ctx.signal,
          );
    const chosen =
      askedChampion === undefined || askedChallenger === undefined
        ? chooseVersions(counted, candidates)
        : { champion: askedChampion, challenger: askedChallenger };
    const countOf = (version: string | undefined) =>
      counted.find((row) => row.version === version)?.rowCount ?? 0;
    const found =
      chosen === null ? nothingMatched("none") : await compare(ctx, scope, chosen, counted, task);
    const { labelledCount, verdict, ...figures } = found;
    return {
      model: scope.model,
      environment,
      from: fromTime.toISOString(),
      until: untilTime.toISOString(),
      task,
      champion: chosen?.champion ?? null,
      challenger: chosen?.challenger ?? null,
      championRowCount: countOf(chosen?.champion),
      challengerRowCount: countOf(chosen?.challenger),
      versions: counted.map(({ version }) => version),
      candidates: candidates
        .slice(0, candidatesMax)
        .map((one) => ({ ...one, idCount: one.idCount * candidateSampleOf })),
      candidateSampleOf,
      ...figures,
      verdict: {
        ...verdict,
        labelledCount,
        labelledCountMin: challengerRule.labelledCountMin,
      },
    };
  },
});

/** Most rows first; of equal ones the older. */
async function countVersions(
  ctx: ServiceContext,
  { modelId, environment, window }: ResolvedScope,
): Promise<CountedVersion[]> {
  const [counts, registered] = await Promise.all([
    ctx.ch.query(
      windowRowCounts,
      { modelIds: [modelId], ...pieceParams(window.pieces) },
      ctx.signal,
    ),
    listVersionRows(ctx, modelId),
  ]);
  const firstSeenMs = (version: string) =>
    registered
      .find((row) => row.environment === environment && row.version === version)
      ?.firstSeenAt.getTime() ?? 0;
  return counts
    .filter((row) => row.environment === environment)
    .map(({ version, rowCount }) => ({ version, rowCount, firstSeenMs: firstSeenMs(version) }))
    .sort((a, b) => b.rowCount - a.rowCount || a.firstSeenMs - b.firstSeenMs);
}

async function compare(
  ctx: ServiceContext,
  scope: ResolvedScope,
  chosen: ChosenVersions,
  counted: readonly CountedVersion[],
  task: Task | null,
) {
  const performanceOf = (version: string) =>
    getPerformance.call(ctx.call, {
      model: scope.model,
      environment: scope.environment,
      version,
      from: scope.window.fromTime.toISOString(),
      until: scope.window.untilTime.toISOString(),
    });
  const countOf = (version: string) =>
    counted.find((row) => row.version === version)?.rowCount ?? 0;
  const rowCounts = { champion: countOf(chosen.champion), challenger: countOf(chosen.challenger) };
  const performances = Promise.all([
    performanceOf(chosen.champion),
    performanceOf(chosen.challenger),
  ]);
  if (task === "ranking") {
    const [[champion, challenger], matched] = await Promise.all([
      performances,
      readMatchedGroups(ctx, scope, chosen, rowCounts.champion),
    ]);
    if (matched.groupCount === 0) return compareUnmatched(champion, challenger);
    return compareMatchedGroups(matched);
  }
  const [[champion, challenger], matched] = await Promise.all([
    performances,
    readMatched(ctx, scope, chosen, rowCounts),
  ]);
  if (matched.rows.length === 0) return compareUnmatched(champion, challenger);
  return compareMatched(matched, champion.task, champion.classes ?? challenger.classes);
}

function refuseHalf(champion: string | undefined, challenger: string | undefined): void {
  const refuse = (path: string, message: string) =>
    new AppError("invalid_request", `The versions can't be compared: \`${path}\` ${message}.`, {
      details: [{ path, message }],
    });
  if (champion === undefined && challenger !== undefined)
    throw refuse("champion", "is needed beside challenger: the name of a version");
  if (champion !== undefined && challenger === undefined)
    throw refuse("challenger", "is needed beside champion: the name of a version");
  if (champion !== undefined && champion === challenger)
    throw refuse("challenger", "must be another version than champion");
}
