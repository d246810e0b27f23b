import { setImmediate } from "node:timers/promises";
import { AppError } from "#lib/domain/errors.ts";
import type { ServiceContext } from "../context.ts";
import type { ResolvedScope } from "../model/resolve-scope.ts";
import type { CalendarBucket } from "../performance/calendar-buckets.ts";
import { coverWindow } from "../profile/cover-window.ts";
import { keyName } from "../profile/sum-profiles.ts";
import type { Comparison } from "./compare-sides.ts";
import { compareSides, listedMeasures } from "./compare-sides.ts";
import { readWindowSide } from "./profile-side.ts";
import type { Reference } from "./read-reference.ts";
import type { SeriesCell, SeriesChunk, SeriesTable } from "./series-table.ts";
import { emptyCell, toChunk } from "./series-table.ts";

interface Asked {
  reference: Reference;
  chunks: readonly CalendarBucket[];
  features: string[] | undefined;
  keys: readonly Comparison[];
}

/** Some five seconds of work. */
const comparisonsMax = 6_000;

/** Our own statistics of every chunk, from its profiles; the features of a chunk are judged as one family. */
export async function seriesFromProfiles(
  ctx: Pick<ServiceContext, "ch" | "signal">,
  scope: ResolvedScope,
  { reference, chunks, features, keys }: Asked,
): Promise<SeriesTable> {
  if (keys.length * chunks.length > comparisonsMax)
    throw new AppError(
      "limit_exceeded",
      `${keys.length} features and outputs in ${chunks.length} chunks are more than the ${comparisonsMax} comparisons that are answered at once; ask for one feature (feature=...), a shorter window or a coarser grain.`,
    );
  const described: SeriesChunk[] = [];
  const compared: Map<string, Comparison>[] = [];
  for (const chunk of chunks) {
    const { pieces } = coverWindow(new Date(chunk.fromMs), new Date(chunk.untilMs), scope.now);
    const side = await readWindowSide(ctx.ch, scope, pieces, {
      ...(features === undefined ? {} : { features }),
      signal: ctx.signal,
    });
    described.push(toChunk(chunk, "analysis", side.rowCount));
    const found = side.rowCount === 0 ? [] : compareSides(reference.side, side, scope.types);
    compared.push(new Map(found.map((one) => [keyName(one), one])));
    await setImmediate();
  }
  return {
    chunks: described,
    rows: keys.flatMap((key) =>
      listedMeasures.flatMap((measure) => {
        const cells = compared.map((chunk) => toCell(chunk.get(keyName(key)), measure));
        // A statistic of numbers is none of categories.
        if (cells.every(({ value }) => value === null) && !hasMeasure(key, measure)) return [];
        const { subject, feature, type } = key;
        return [{ subject, feature, type, method: measure, note: "", threshold: null, cells }];
      }),
    ),
  };
}

type Measure = (typeof listedMeasures)[number];

const hasMeasure = ({ computed }: Comparison, measure: Measure) =>
  computed.statistics.some((one) => one.statistic === measure);

function toCell(comparison: Comparison | undefined, measure: Measure): SeriesCell {
  const found = comparison?.computed.statistics.find((one) => one.statistic === measure);
  if (comparison === undefined || found === undefined) return emptyCell;
  const { kind } = comparison.verdict.verdict;
  return {
    value: found.kind === "value" ? found.value : null,
    count: found.sampleSizes.window,
    isDrift: kind === "cannot_say" ? null : kind === "drift",
  };
}
