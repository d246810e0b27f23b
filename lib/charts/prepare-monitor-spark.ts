import type { ListedMonitor } from "#lib/api/monitor.ts";
import type { StatisticUnit } from "#lib/domain/monitor-definition.ts";
import { formatReading } from "./describe-reading.ts";
import type { SparklineModel } from "./prepare-sparkline.ts";
import { plural } from "./sentence.ts";

const barsMin = 24;

/** A monitor's last windows in the space of a word: the worst value of each, the greatest fills it. */
export function prepareMonitorSpark(
  spark: ListedMonitor["spark"],
  unit: StatisticUnit,
): SparklineModel {
  const values = spark.map(({ value }) => (value === null ? null : Math.abs(value)));
  const known = values.filter((value) => value !== null);
  const largest = known.length === 0 ? 0 : Math.max(...known);
  const drawn = values.map((value) =>
    value === null ? null : { height: largest === 0 ? 0 : value / largest },
  );
  // A few windows are a few bars at the right end, not one as wide as all.
  const bars = [...Array<null>(Math.max(0, barsMin - drawn.length)).fill(null), ...drawn];
  if (known.length === 0) return { bars, sentence: "No window has a value yet." };
  const beyond = spark.filter(({ firingCount }) => firingCount > 0).length;
  return {
    bars,
    sentence: `${known.length} of ${spark.length} ${plural(spark.length, "window")} with a value, at most ${formatReading(largest, unit)}; ${beyond} beyond the threshold.`,
  };
}
