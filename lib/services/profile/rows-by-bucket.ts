import { pieceParams, piecesMax } from "#db/clickhouse/fragments/profile-window.ts";
import { profiledRows, storedRows } from "#db/clickhouse/queries/rows-by-bucket.ts";
import type { BucketAspect } from "#db/postgres/queries/dirty-buckets.ts";
import type { Grain } from "#lib/domain/grain.ts";
import { grainMs, grains } from "#lib/domain/grain.ts";
import type { Segment } from "#lib/domain/segment.ts";
import type { ServiceContext } from "../context.ts";
import { segmentParamsOf } from "../segment/resolve-segment.ts";
import type { WindowPiece } from "./cover-window.ts";
import { joinBuckets } from "./join-buckets.ts";

export interface RowsKey {
  modelId: string;
  environment: string;
  segment: Segment | null;
}

/** How many rows of each version lie in some buckets. */
export class RowsByBucket {
  readonly #counts = new Map<string, Map<string, number>>();

  add(grain: Grain, startMs: number, version: string, rowCount: number): void {
    const name = nameOf(grain, startMs);
    const counts = this.#counts.get(name) ?? new Map<string, number>();
    this.#counts.set(name, counts.set(version, rowCount));
  }

  /** Of one version; "" is all of them together. */
  countOf([grain, startMs]: Bucket, version: string): number {
    const counts = this.#counts.get(nameOf(grain, startMs));
    if (counts === undefined) return 0;
    if (version !== "") return counts.get(version) ?? 0;
    let sum = 0;
    for (const count of counts.values()) sum += count;
    return sum;
  }

  /** When the first bucket begins that holds some; infinity where none does. */
  firstMs(version: string): number {
    let first = Number.POSITIVE_INFINITY;
    for (const [name, counts] of this.#counts) {
      const startMs = Number(name.slice(name.indexOf(" ") + 1));
      if (startMs < first && (version === "" || counts.has(version))) first = startMs;
    }
    return first;
  }

  sumOf(pieces: readonly WindowPiece[], version: string): number {
    let sum = 0;
    for (const bucket of bucketsOf(pieces)) sum += this.countOf(bucket, version);
    return sum;
  }
}

const nameOf = (grain: Grain, startMs: number) => `${grain} ${startMs}`;

/** Its grain and when it begins, in ms. */
type Bucket = readonly [Grain, number];

export function* bucketsOf(pieces: readonly WindowPiece[]): Generator<Bucket> {
  for (const { grain, fromTime, untilTime } of pieces)
    for (let at = fromTime.getTime(); at < untilTime.getTime(); at += grainMs[grain])
      yield [grain, at];
}

/** What the profiles of some buckets hold; pieces may overlap. */
export async function readProfiledRows(
  { ch, signal }: Pick<ServiceContext, "ch" | "signal">,
  { modelId, environment, segment }: RowsKey,
  aspect: BucketAspect,
  pieces: readonly WindowPiece[],
): Promise<RowsByBucket> {
  const found = new RowsByBucket();
  const key = { modelId, environment, ...segmentParamsOf({ segment }) };
  for (const some of cutPieces(joinPieces(pieces))) {
    const rows = await ch.query(profiledRows[aspect], { ...key, ...pieceParams(some) }, signal);
    for (const { grain, bucketSeconds, version, rowCount } of rows)
      found.add(grain, bucketSeconds * 1_000, version, rowCount);
  }
  return found;
}

/** The raw rows of the same, of every segment. */
export async function readStoredRows(
  { ch, signal }: Pick<ServiceContext, "ch" | "signal">,
  { modelId, environment }: Pick<RowsKey, "modelId" | "environment">,
  pieces: readonly WindowPiece[],
): Promise<RowsByBucket> {
  const found = new RowsByBucket();
  const joined = joinPieces(pieces);
  for (const grain of grains) {
    for (const some of cutPieces(joined.filter((piece) => piece.grain === grain))) {
      const { fromSeconds, untilSeconds } = pieceParams(some);
      const asked = { modelId, environment, fromSeconds, untilSeconds };
      const widthSeconds = grainMs[grain] / 1_000;
      for (const row of await ch.query(storedRows, { ...asked, widthSeconds }, signal))
        found.add(grain, row.bucketSeconds * 1_000, row.version, row.rowCount);
    }
  }
  return found;
}

/** Every bucket once, those side by side as one piece. */
function joinPieces(pieces: readonly WindowPiece[]): WindowPiece[] {
  const starts = new Map<Grain, Set<number>>();
  for (const [grain, startMs] of bucketsOf(pieces))
    starts.set(grain, (starts.get(grain) ?? new Set()).add(startMs));
  return [...starts].flatMap(([grain, own]) =>
    joinBuckets(
      [...own].sort((a, b) => a - b),
      grainMs[grain],
    ).map((stretch) => ({ grain, ...stretch })),
  );
}

function cutPieces(pieces: readonly WindowPiece[]): WindowPiece[][] {
  const cut: WindowPiece[][] = [];
  for (let at = 0; at < pieces.length; at += piecesMax) cut.push(pieces.slice(at, at + piecesMax));
  return cut;
}
