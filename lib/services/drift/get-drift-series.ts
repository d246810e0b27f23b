import { driftSeriesInput, driftSeriesOutput } from "#lib/api/drift.ts";
import { AppError } from "#lib/domain/errors.ts";
import { defineService } from "../define-service.ts";
import type { ResolvedScope } from "../model/resolve-scope.ts";
import { resolveScope } from "../model/resolve-scope.ts";
import type { CalendarBucket } from "../performance/calendar-buckets.ts";
import { cutByCalendar } from "../performance/calendar-buckets.ts";
import { compareSides } from "./compare-sides.ts";
import { readWindowSide } from "./profile-side.ts";
import { readReference } from "./read-reference.ts";
import { seriesFromProfiles } from "./series-from-profiles.ts";
import { seriesFromRows } from "./series-from-rows.ts";

/** Two months of days, or five years of months. */
const chunksMax = 62;

/** The drift of every feature and output, chunk by chunk of the calendar, as one table. */
export const getDriftSeries = defineService({
  name: "getDriftSeries",
  role: "viewer",
  input: driftSeriesInput,
  output: driftSeriesOutput,
  writes: false,
  async run(ctx, input) {
    const scope = await resolveScope(ctx, input);
    const { grain, profile, feature } = input;
    if (scope.segment != null && profile !== "plumbline")
      throw new AppError(
        "invalid_request",
        `The ${profile} profile is computed for all rows only: leave out segmentKey, or ask for profile=plumbline.`,
      );
    const chunks = cutWindow(scope, grain);
    const features = feature === undefined ? undefined : [feature];
    const [reference, window] = await Promise.all([
      readReference(ctx, scope, input, features),
      readWindowSide(ctx.ch, scope, scope.window.pieces, {
        ...(features === undefined ? {} : { features }),
        signal: ctx.signal,
      }),
    ]);
    const head = {
      model: scope.model,
      environment: scope.environment,
      version: scope.version,
      segment: scope.segment ?? null,
      from: scope.window.fromTime.toISOString(),
      until: scope.window.untilTime.toISOString(),
      grain,
      profile,
      reference: reference?.described ?? null,
    };
    if (reference === null) return { ...head, chunks: [], rows: [] };
    const keys = compareSides(reference.side, window, scope.types).filter(
      (key) => feature === undefined || key.feature === feature,
    );
    const table =
      profile === "plumbline"
        ? await seriesFromProfiles(ctx, scope, { reference, chunks, features, keys })
        : await seriesFromRows(ctx, scope, { reference, chunks, keys, profile, grain });
    return { ...head, ...table };
  },
});

function cutWindow(
  { window: { fromTime, untilTime } }: ResolvedScope,
  grain: "day" | "week" | "month",
): CalendarBucket[] {
  const chunks = cutByCalendar(fromTime.getTime(), untilTime.getTime(), grain);
  if (chunks.length > chunksMax)
    throw new AppError(
      "limit_exceeded",
      `The window has ${chunks.length} ${grain}s, and at most ${chunksMax} are answered at once; ask for a shorter window or a coarser grain.`,
    );
  return chunks;
}
