import { baselineHoursToCount, hoursOfWeek } from "#db/clickhouse/queries/counted-rows.ts";
import { findActiveBaseline } from "#db/postgres/queries/baseline.ts";
import type { WindowTimes } from "#db/postgres/queries/evaluated-window.ts";
import { grainMs } from "#lib/domain/grain.ts";
import type { ServiceContext } from "../context.ts";
import type { ResolvedScope } from "../model/resolve-scope.ts";
import { RowCounter } from "../profile/count-rows.ts";
import type { SummedProfile } from "../profile/sum-profiles.ts";
import type { KeysAsked, WeeklyQuestion } from "./find-weekly.ts";
import { toSide } from "./profile-side.ts";

/** Values that are read for it: some two seconds of a core. A larger baseline is not asked. */
const valuesMax = 20_000_000;
const namesMax = 1_000_000;
const valueNamesMax = 10_000;

/** What a version's baseline held at the hours of the week that a window has, by the times that came with its rows; null where none did, and
 *  for one segment: which of a baseline's rows are of the rest is not known. A window in which an hour has begun has all of it. */
export async function readBaselineHours(
  ctx: Pick<ServiceContext, "pg" | "ch" | "workspaceId" | "signal">,
  {
    modelId,
    version,
    types,
    segment,
  }: Pick<ResolvedScope, "modelId" | "version" | "types" | "segment">,
  { features }: KeysAsked,
): ReturnType<WeeklyQuestion["readHours"]> {
  const baseline = await findActiveBaseline(ctx, modelId, version);
  const featureCount = Math.max(1, types.size);
  if (baseline === null || (segment ?? null) !== null) return null;
  if (baseline.rowCount * featureCount > valuesMax) return null;
  const wanted = new Set(features);
  const counter = new RowCounter({
    segmentCount: 0,
    isCounted: (feature) => wanted.has(feature),
    hasRest: true,
    namesMax,
    canSplit: () => false,
  });
  const { id: baselineId, rowCount } = baseline;
  const params = { modelId, baselineId, featureCount, rowCount };
  for await (const block of ctx.ch.scanColumns(baselineHoursToCount, params, ctx.signal))
    counter.add(block);
  const byHour = new Map<number, SummedProfile[]>();
  for (const { group, keys } of counter.groups()) byHour.set(group, [...keys(valueNamesMax)]);
  if (byHour.size === 0) return null;
  return (window) => toSide(hoursIn(window).flatMap((hour) => byHour.get(hour) ?? []));
}

function hoursIn({ fromTime, untilTime }: WindowTimes): number[] {
  const hourMs = grainMs["1h"];
  const first = Math.floor(fromTime.getTime() / hourMs);
  const count = Math.ceil(untilTime.getTime() / hourMs) - first;
  return Array.from({ length: Math.min(hoursOfWeek, count) }, (_, i) => (first + i) % hoursOfWeek);
}
