import { pieceParams } from "#db/clickhouse/fragments/profile-window.ts";
import { columnRowCounts, lastEvents, windowRowCounts } from "#db/clickhouse/queries/row-counts.ts";
import { listDirtyStretches } from "#db/postgres/queries/dirty-buckets.ts";
import type { NewestVerdict } from "#db/postgres/queries/drift-result.ts";
import { listNewestVerdicts } from "#db/postgres/queries/drift-result.ts";
import { listFleetModels, listFleetVersions } from "#db/postgres/queries/fleet.ts";
import { listOpenOfModels } from "#db/postgres/queries/incident.ts";
import { listNewestProblems } from "#db/postgres/queries/quality-result.ts";
import { fleetInput, fleetOutput } from "#lib/api/fleet.ts";
import { grainMs } from "#lib/domain/grain.ts";
import { healthStates } from "#lib/domain/health.ts";
import { defaultEnvironment } from "#lib/domain/model.ts";
import { resolveTimeRange } from "#lib/domain/time-range.ts";
import type { JudgedKey } from "#lib/rules/compute-health.ts";
import { computeHealth } from "#lib/rules/compute-health.ts";
import { defineService } from "../define-service.ts";
import { findDefaultVersions } from "../model/find-default-versions.ts";
import { chooseColumns, columnWindow, coverWindow } from "../profile/cover-window.ts";
import { fillColumns } from "../volume/fill-columns.ts";

const columnsMax = 48;

/** An evaluation that is older says nothing about now. */
const verdictDaysMax = 2;

/** Every model of a workspace and how it is, worst first. */
export const getFleet = defineService({
  name: "getFleet",
  role: "viewer",
  input: fleetInput,
  output: fleetOutput,
  writes: false,
  async run(ctx, input) {
    const range = resolveTimeRange(input, ctx.now);
    const window = coverWindow(range.from, range.until, ctx.now);
    const { fromTime, untilTime } = window;
    const columns = chooseColumns(window, ctx.now, columnsMax);
    const span = columnWindow(columns);
    const before = coverWindow(
      new Date(2 * fromTime.getTime() - untilTime.getTime()),
      fromTime,
      ctx.now,
    );
    const models = await listFleetModels(ctx);
    const modelIds = models.map((model) => model.id);
    const ask = { grain: columns.grain, ...span, columnSeconds: columns.bucketMs / 1000 };
    const sinceTime = new Date(ctx.now.getTime() - verdictDaysMax * grainMs["1d"]);
    const problems = await listNewestProblems(ctx, sinceTime);
    const openIncidents = await listOpenOfModels(ctx);
    const [versions, verdicts, dirty, cells, counts, previous, events] = await Promise.all([
      listFleetVersions(ctx),
      listNewestVerdicts(ctx, sinceTime),
      listDirtyStretches(ctx, { ...span, widthMs: columns.bucketMs }),
      modelIds.length === 0 ? [] : ctx.ch.query(columnRowCounts, { modelIds, ...ask }, ctx.signal),
      modelIds.length === 0
        ? []
        : ctx.ch.query(windowRowCounts, { modelIds, ...pieceParams(window.pieces) }, ctx.signal),
      modelIds.length === 0
        ? []
        : ctx.ch.query(windowRowCounts, { modelIds, ...pieceParams(before.pieces) }, ctx.signal),
      modelIds.length === 0 ? [] : ctx.ch.query(lastEvents, { modelIds }, ctx.signal),
    ]);
    const versionOf = await findDefaultVersions(ctx, versions);
    const rows = models.map((model) => {
      const own = versions.filter((row) => row.modelId === model.id);
      const environment = chooseEnvironment(own, input.environment);
      const inEnvironment = own.filter((row) => row.environment === environment);
      const version = versionOf({ modelId: model.id, environment });
      const isOwn = (row: { modelId: string; environment: string }) =>
        row.modelId === model.id && row.environment === environment;
      const sum = (found: readonly { modelId: string; environment: string; rowCount: number }[]) =>
        found.filter(isOwn).reduce((total, row) => total + row.rowCount, 0);
      const judged = judgedKeys(
        verdicts.filter((row) => isOwn(row) && row.version === version),
        model.hasBaseline,
      );
      const lastEventMs = Math.max(0, ...events.filter(isOwn).map((row) => row.eventMs));
      const rowCount = sum(counts);
      const previousRowCount = sum(previous);
      const { health, reasons } = computeHealth({
        hasBaseline: model.hasBaseline,
        judged,
        // Volume is that of an environment, and names no version.
        problems: problems.filter(
          (row) => isOwn(row) && (row.version === version || row.version === ""),
        ),
        rowCount,
        previousRowCount,
        hasEverHadRows: lastEventMs > 0 || rowCount > 0,
      });
      const waiting = new Set(
        dirty.filter((one) => one.modelId === model.id).map((one) => one.startMs),
      );
      const features = judged.filter((key) => key.subject === "feature");
      return {
        ...model,
        environment,
        version,
        versionCount: inEnvironment.length,
        health,
        reasons,
        rowCount,
        previousRowCount,
        lastEventAt: lastEventMs === 0 ? null : new Date(lastEventMs).toISOString(),
        driftCount: features.filter((key) => key.verdict === "drift").length,
        cannotSayCount: features.filter((key) => key.verdict === "cannot_say").length,
        volume: fillColumns(columns, cells.filter(isOwn), waiting, ctx.now),
        incident: worstIncident(
          openIncidents.filter(
            (row) => row.modelId === model.id && row.environment === environment,
          ),
        ),
      };
    });
    rows.sort(
      (a, b) =>
        healthStates.indexOf(a.health) - healthStates.indexOf(b.health) ||
        a.tier - b.tier ||
        (a.name < b.name ? -1 : 1),
    );
    return {
      from: fromTime.toISOString(),
      until: untilTime.toISOString(),
      environments: [...new Set(versions.map((row) => row.environment))].sort(),
      models: rows,
    };
  },
});

/** They come worst first. */
function worstIncident(open: Awaited<ReturnType<typeof listOpenOfModels>>) {
  const [worst] = open;
  if (worst === undefined) return null;
  const { number, severity, state } = worst;
  return { number, severity, state, openCount: open.length };
}

function chooseEnvironment(
  versions: readonly { environment: string }[],
  wanted: string | undefined,
): string {
  if (wanted !== undefined) return wanted;
  if (versions.some((row) => row.environment === defaultEnvironment)) return defaultEnvironment;
  return versions[0]?.environment ?? defaultEnvironment;
}

/** Against the baseline where there is one; else against the days before. What was judged by a baseline that is gone says
 *  nothing about now. */
function judgedKeys(verdicts: readonly NewestVerdict[], hasBaseline: boolean): JudgedKey[] {
  const isByBaseline = hasBaseline && verdicts.some((row) => row.reference === "baseline");
  const reference = isByBaseline ? "baseline" : "trailing";
  return verdicts
    .filter((row) => row.reference === reference)
    .map(({ subject, feature, verdict, reason }) => ({
      subject: subject === "prediction" ? "prediction" : "feature",
      feature,
      verdict,
      reason,
    }));
}
