import type { SloRow } from "#db/postgres/queries/slo.ts";
import type { EvaluatedHour } from "#db/postgres/queries/slo-evaluation.ts";
import { listDriftHours, listQualityHours } from "#db/postgres/queries/slo-evaluation.ts";
import type { MeasuredSlice } from "#db/postgres/queries/slo-slice.ts";
import { grainMs } from "#lib/domain/grain.ts";
import type { SloIndicator } from "#lib/domain/slo.ts";
import type { MeasureContext, MeasureSpan } from "./measure-slices.ts";
import { idleSlice, timeSlice } from "./time-slice.ts";

const sliceMs = grainMs["1h"];
/** An hour's evaluation comes some minutes after it; until then the hour is not asked about. */
const evaluationLagMs = 15 * 60_000;

export async function measureDriftSlices(
  ctx: MeasureContext,
  { modelId, environment, version }: SloRow,
  { reference, driftedMax }: Extract<SloIndicator, { kind: "drift" }>,
  span: MeasureSpan,
): Promise<MeasuredSlice[]> {
  const asked = askedOf(span);
  const hours = await listDriftHours(ctx, { modelId, environment, version, reference, ...asked });
  return toSlices(hours, asked, { badMax: driftedMax, badWord: "drift" });
}

export async function measureQualitySlices(
  ctx: MeasureContext,
  { modelId, environment, version }: SloRow,
  { problemMax }: Extract<SloIndicator, { kind: "quality" }>,
  span: MeasureSpan,
): Promise<MeasuredSlice[]> {
  const asked = askedOf(span);
  const hours = await listQualityHours(ctx, { modelId, environment, version, ...asked });
  return toSlices(hours, asked, { badMax: problemMax, badWord: "are not as expected" });
}

function askedOf({ fromTime, now }: MeasureSpan) {
  const untilMs = Math.floor((now.getTime() - evaluationLagMs) / sliceMs) * sliceMs;
  return { fromTime, untilTime: new Date(untilMs) };
}

/** With fewer of its columns judged nobody can say that an hour was good. */
const judgedShareMin = 0.5;

/** An hour is bad when too many columns are, and good when that is not so among those that can be judged. */
function toSlices(
  hours: readonly EvaluatedHour[],
  { fromTime, untilTime }: { fromTime: Date; untilTime: Date },
  { badMax, badWord }: { badMax: number; badWord: string },
): MeasuredSlice[] {
  const byEnd = new Map(hours.map((hour) => [hour.untilMs, hour]));
  const slices: MeasuredSlice[] = [];
  for (let start = fromTime.getTime(); start < untilTime.getTime(); start += sliceMs) {
    const hour = byEnd.get(start + sliceMs);
    if (hour === undefined) {
      slices.push(timeSlice(start, sliceMs, { isGood: null, reason: "not evaluated" }));
      continue;
    }
    const { badCount, cannotSayCount, columnCount, isOpen } = hour;
    if (columnCount === 0 && !isOpen) {
      slices.push(idleSlice(start, sliceMs, "no rows"));
      continue;
    }
    const judgedCount = columnCount - cannotSayCount;
    const reason = `${badCount} of ${columnCount} ${badWord}${cannotSayCount === 0 ? "" : `, ${cannotSayCount} cannot be judged`}`;
    slices.push(
      timeSlice(start, sliceMs, {
        isGood: goodnessOf({ badCount, judgedCount, columnCount }, badMax),
        state: isOpen ? "provisional" : "settled",
        value: columnCount === 0 ? null : badCount,
        reason: columnCount === 0 ? "not evaluated yet" : reason,
      }),
    );
  }
  return slices;
}

function goodnessOf(
  {
    badCount,
    judgedCount,
    columnCount,
  }: { badCount: number; judgedCount: number; columnCount: number },
  badMax: number,
): boolean | null {
  if (badCount > badMax) return false;
  return judgedCount > 0 && judgedCount >= judgedShareMin * columnCount ? true : null;
}
