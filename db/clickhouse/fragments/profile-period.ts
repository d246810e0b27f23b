import type { Grain } from "#lib/domain/grain.ts";

/** The store keeps profiles by periods, numbered from 1970: of five minutes two hours, of hours a day, of days thirty. Within a period the
 *  buckets of a feature lie side by side; a question reads the periods of its time, whatever else is stored. As migration 0011 has it. */
const periodSeconds: Record<Grain, number> = { "5m": 7_200, "1h": 86_400, "1d": 2_592_000 };

interface Piece {
  grain: Grain;
  fromTime: Date;
  untilTime: Date;
}

/** In which periods the buckets of some stretches of time lie. For a century their numbers differ from grain to grain. */
export function periodsOf(pieces: readonly Piece[]): number[] {
  const periods = new Set<number>();
  for (const { grain, fromTime, untilTime } of pieces) {
    const periodMs = 1_000 * periodSeconds[grain];
    const last = Math.floor((untilTime.getTime() - 1) / periodMs);
    for (let at = Math.floor(fromTime.getTime() / periodMs); at <= last; at += 1) periods.add(at);
  }
  return [...periods];
}

const periodOf = (grain: string, ms: string) =>
  `intDiv(${ms}, 1000 * multiIf(${grain} = '5m', ${periodSeconds["5m"]}, ${grain} = '1h', ${periodSeconds["1h"]}, ${periodSeconds["1d"]}))`;

/** Buckets of one grain, given as SQL, from `fromTime` to `untilTime`. */
export function bucketsBetween(grain = "{grain: String}"): string {
  const [from, until] = ["{fromTime: DateTime64(3)}", "{untilTime: DateTime64(3)}"];
  return `grain = ${grain} AND bucket >= ${from} AND bucket < ${until}
      AND period >= ${periodOf(grain, `toUnixTimestamp64Milli(${from})`)}
      AND period <= ${periodOf(grain, `toUnixTimestamp64Milli(${until}) - 1`)}`;
}

const bucketsFrom = (grain: string) => {
  const from = "{hoursFrom: DateTime64(3)}";
  return `grain = ${grain} AND bucket >= ${from} AND period >= ${periodOf(grain, `toUnixTimestamp64Milli(${from})`)}`;
};

/** All days, and from `hoursFrom` on finer buckets, which may not be folded into their day yet. */
export const daysAndNewest = `(grain = '1d' OR ${bucketsFrom("'1h'")} OR ${bucketsFrom("'5m'")})`;

/** Buckets of several stretches of time, each of one grain; the outer bounds first, which the sort key has. */
export const timesOfPieces = `bucket >= toDateTime(arrayMin({fromSeconds: Array(UInt32)})) AND bucket < toDateTime(arrayMax({untilSeconds: Array(UInt32)}))
      AND arrayExists((g, f, u) -> toString(grain) = g AND toUInt32(bucket) >= f AND toUInt32(bucket) < u,
        {grains: Array(String)}, {fromSeconds: Array(UInt32)}, {untilSeconds: Array(UInt32)})`;

/** The same of profiles: what is looked up first (partitions, periods) may hold more than they have. */
export const bucketsOfPieces = `grain IN {grains: Array(String)} AND period IN {periods: Array(UInt32)}
      AND ${timesOfPieces}`;
